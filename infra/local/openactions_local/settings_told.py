"""Settings from the environment; a wrong one ends the command in a sentence that says which."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

S = TypeVar("S", bound=BaseSettings)


def told(settings: type[S], values: Mapping[str, Any] | None = None) -> S:
    """Those of the environment, and `values` before them.

    Raises typer's `BadParameter` (exit status 2) with the setting, its value unless that is a
    secret, and what is allowed.
    """
    try:
        return settings(**(values or {}))
    except ValidationError as error:
        sentences = [_sentence(settings, each) for each in error.errors()]
        raise typer.BadParameter(" ".join(sentences)) from None
    except SettingsError as error:  # a list or an object that is no JSON
        member = re.search(r'field "(\w+)"', str(error))
        name = _name(settings, member[1] if member else "")
        raise typer.BadParameter(f"{name}: Input should be valid JSON.") from None


def _sentence(settings: type[BaseSettings], wrong: Any) -> str:
    member = str(wrong["loc"][0]) if wrong["loc"] else ""
    if wrong["type"] == "missing":
        return f"{_name(settings, member)} is not set."
    field = settings.model_fields.get(member)
    if field is None:  # a rule about several of them: the message names them
        return f"{wrong['msg']}."
    value = "" if "Secret" in repr(field.annotation) else f"={wrong['input']}"
    return f"{_name(settings, member)}{value}: {wrong['msg']}."


def _name(settings: type[BaseSettings], member: str) -> str:
    """As it is called in the environment."""
    return f"{settings.model_config.get('env_prefix', '')}{member}".upper()
