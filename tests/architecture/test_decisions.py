"""One sequence of decisions for the whole repository, each with the same five headings."""

import re

import pytest

HEADINGS = ("Context", "Decision", "Consequences", "Alternatives", "Enforced by")


def faults(folder):
    """Files whose name is no `NNNN-title.md`, numbers used twice, pages that lack a heading."""
    seen = {}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        number = re.match(r"(\d{4})-[a-z0-9-]+\.md$", path.name)
        if number is None:
            yield f"{path.name} is not called NNNN-title.md"
            continue
        if number[1] in seen:
            yield f"{path.name} repeats the number of {seen[number[1]]}"
        seen[number[1]] = path.name
        text = path.read_text()
        lacking = [part for part in HEADINGS if not re.search(rf"(?im)^\W*{part}\b", text)]
        if lacking:
            yield f"{path.name} lacks {', '.join(lacking)}"


def missing_lines(folder):
    """Pages that the list in README.md does not name by number, title and file, and gaps in the
    numbers that it does not explain.
    """
    listed = (folder / "README.md").read_text()
    numbers = set(numbers_left_out(listed))
    for path in sorted(folder.glob("[0-9]*.md")):
        number, title = re.match(r"# (\d+)\. (.+)\n", path.read_text()).groups()
        numbers.add(int(number))
        if f"| {number} | [{title}]({path.name}) |" not in listed:
            yield path.name
    yield from sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)


def numbers_left_out(listed):
    """Of lines such as `| 7-9 | not used: … |`."""
    for first, last in re.findall(r"(?m)^\| (\d+)(?:-(\d+))? \| not used: ", listed):
        yield from range(int(first), int(last or first) + 1)


@pytest.fixture
def page():
    return "".join(f"## {heading}\nx\n" for heading in HEADINGS)


def test_every_decision_has_a_number_of_its_own_and_five_headings(root):
    assert list(faults(root / "shared" / "decisions")) == []


def test_every_decision_stands_in_the_list(root):
    assert list(missing_lines(root / "shared" / "decisions")) == []


def test_a_decision_or_a_number_that_the_list_lacks_is_found(tmp_path, page):
    (tmp_path / "0001-one.md").write_text(f"# 1. One\n{page}")
    (tmp_path / "0004-four.md").write_text(f"# 4. Four\n{page}")
    (tmp_path / "README.md").write_text("| 1 | [One](0001-one.md) |\n| 2 | not used: x |\n")

    assert list(missing_lines(tmp_path)) == ["0004-four.md", 3]


def test_a_repeated_number_is_found(tmp_path, page):
    (tmp_path / "0001-one.md").write_text(page)
    (tmp_path / "0001-other.md").write_text(page)

    assert list(faults(tmp_path)) == ["0001-other.md repeats the number of 0001-one.md"]


def test_a_page_without_what_enforces_it_is_found(tmp_path, page):
    (tmp_path / "0001-one.md").write_text(page.replace("Enforced by", "Later"))
    (tmp_path / "notes.md").write_text(page)

    assert list(faults(tmp_path)) == [
        "0001-one.md lacks Enforced by",
        "notes.md is not called NNNN-title.md",
    ]
