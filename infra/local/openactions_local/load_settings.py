"""Settings from the environment; an invalid one ends the command with a sentence that names it."""

from collections.abc import Mapping
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError

from kit.settings import unreadable, variable

S = TypeVar("S", bound=BaseSettings)


def load_settings(
    settings: type[S],
    values: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> S:
    """Those of the process's environment, `environment` before them, and `values` before both.

    `environment` is read as the process's own is, lists and objects as JSON. Raises typer's
    `BadParameter` (exit status 2) with the setting, its value unless that is a secret, and what is
    allowed.
    """
    try:
        return settings(**(_read(settings, environment or {}) | dict(values or {})))
    except ValidationError as error:
        sentences = [_sentence(settings, each) for each in error.errors()]
        raise typer.BadParameter(" ".join(sentences)) from None
    except SettingsError as error:
        raise typer.BadParameter(unreadable(settings, error)) from None


def _read(settings: type[BaseSettings], environment: Mapping[str, str]) -> dict[str, Any]:
    source = EnvSettingsSource(settings)
    source.env_vars = {name.lower(): value for name, value in environment.items()}
    return source()


def _sentence(settings: type[BaseSettings], wrong: Any) -> str:
    member = str(wrong["loc"][0]) if wrong["loc"] else ""
    if wrong["type"] == "missing":
        return f"{variable(settings, member)} is not set."
    field = settings.model_fields.get(member)
    reason = str(wrong["msg"]).removeprefix("Value error, ").rstrip(".")
    if field is None:  # a rule about several of them: the message names them
        return f"{reason}."
    value = "" if "Secret" in repr(field.annotation) else f"={wrong['input']}"
    return f"{variable(settings, member)}{value}: {reason}."
