"""A use case is found by its file name: file, class and the application's field agree.

An application also holds the ports that its routes read without any rule of their own: a use case
that only forwards to a port is none.
"""

import ast

import pytest


def class_names(tree):
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def camel(snake):
    return "".join(word.capitalize() for word in snake.split("_"))


def unlike_its_file(module):
    """A use case file must define the callable class that it is named after."""
    expected = camel(module.path.stem)
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == expected:
            methods = [part.name for part in node.body if isinstance(part, ast.AsyncFunctionDef)]
            if "__call__" not in methods:
                yield f"{module.path}: {expected} is not an awaitable callable"
            return
    yield f"{module.path} does not define {expected}"


def fields_of_app(module, service):
    """The fields of `PolicyApp` and their types, in `app.py`."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == f"{camel(service)}App":
            fields = [field for field in node.body if isinstance(field, ast.AnnAssign)]
            return {field.target.id: ast.unparse(field.annotation) for field in fields}
    return {}


def only_forwards(module):
    """Whether all that the use case does is to hand its parameters on, as they are, to a port."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "__call__":
            statements = [part for part in node.body if not is_docstring(part)]
            given = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)][1:]
            return len(statements) == 1 and handed_on(statements[0]) == given
    return False


def is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def handed_on(statement):
    """The names that `return await self.port.method(name, other=name)` passes; None elsewhere."""
    match statement:
        case ast.Return(
            value=ast.Await(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"))),
                    args=args,
                    keywords=keywords,
                )
            )
        ):
            return [ast.unparse(part) for part in (*args, *(word.value for word in keywords))]
    return None


def use_cases_of(modules, service):
    parents = [module for module in modules if module.service == service and not module.is_test]
    return [
        module
        for module in parents
        if module.path.parent.name == "usecases" and module.path.stem != "__init__"
    ]


def ports_of(modules, service):
    """Of one module, or of a package with one for each concern."""
    places = ("*_service/ports.py", "*_service/ports/*.py")
    of_service = [module for module in modules if module.service == service]
    found = [m for m in of_service if any(m.path.match(place) for place in places)]
    return {name for module in found for name in class_names(module.tree)}


@pytest.fixture
def apps(modules):
    return {module.service: module for module in modules if module.path.match("*_service/app.py")}


def test_every_use_case_is_named_after_its_file(modules, services):
    files = [module for service in services for module in use_cases_of(modules, service)]

    assert files
    assert [fault for module in files for fault in unlike_its_file(module)] == []


def test_every_use_case_is_a_field_of_its_application(modules, services, apps):
    for service in services:
        stems = {module.path.stem for module in use_cases_of(modules, service)}
        fields = fields_of_app(apps[service], service)
        assert {stem: camel(stem) for stem in stems}.items() <= fields.items()
        others = {kind for name, kind in fields.items() if name not in stems}
        assert others <= ports_of(modules, service), service


def test_no_use_case_only_forwards(modules, services):
    files = [module for service in services for module in use_cases_of(modules, service)]

    assert [str(module.path) for module in files if only_forwards(module)] == []


def test_a_use_case_that_only_forwards_is_found(sample):
    def read(body):
        call = f"    async def __call__(self, here, limit):\n        {body}\n"
        return sample("class ReadRules:\n" + call, "usecases/read_rules.py")

    assert only_forwards(read("return await self.rules.page(here, limit)"))
    assert only_forwards(read("return await self.rules.page(here, limit=limit)"))
    assert not only_forwards(read("return await self.rules.page(here, limit + 1)"))
    assert not only_forwards(read("return shown(await self.rules.page(here, limit))"))


def test_a_use_case_under_another_name_is_found(sample):
    path = "services/sample/sample_service/usecases/remove_rule.py"
    callable_ = "    async def __call__(self): ...\n"

    assert list(unlike_its_file(sample("class RemoveRule:\n" + callable_, path))) == []
    assert len(list(unlike_its_file(sample("class DropRule:\n" + callable_, path)))) == 1
    assert len(list(unlike_its_file(sample("class RemoveRule: ...\n", path)))) == 1


def test_the_fields_of_an_application_are_read(sample):
    app = sample("class SampleApp:\n    remove_rule: RemoveRule\n", "sample_service/app.py")

    assert fields_of_app(app, "sample") == {"remove_rule": "RemoveRule"}
