"""The origins of the operator's own APIs, as the environment and the command line name them."""

import json
from collections.abc import Mapping, Sequence

import typer
from pydantic import ValidationError

from egress.settings import DEPRECATED, EgressSettings
from openactions_local.load_settings import load_settings
from openactions_local.owners import SERVICES

SETTING = "EGRESS_ALLOWED_ORIGINS"
FORMER = "EGRESS_LET_THROUGH"


def settings_for_services(
    environment: Mapping[str, str], origins: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """The services' own settings as they are (each service says what is wrong with its own), with
    `origins` among the allowed ones; and lines to print.

    Raises typer's `BadParameter` for an origin that is none.
    """
    owned = {*SERVICES, "blobs", "egress"}
    settings = {
        name: value
        for name, value in environment.items()
        if name.partition("_")[0].lower() in owned
    }
    former = settings.pop(FORMER, "")
    if former:
        settings.setdefault(SETTING, former)
    if origins:
        settings[SETTING] = _joined(settings.get(SETTING, ""), [*map(origin_of_option, origins)])
    return settings, [DEPRECATED] if former else []


def load_egress(
    values: Mapping[str, str], environment: Mapping[str, str] | None = None
) -> EgressSettings:
    """Without the setting's former name, which `settings_for_services` has replaced."""
    return load_settings(EgressSettings, {**values, "let_through": ""}, environment)


def _joined(setting: str, origins: Sequence[str]) -> str:
    """The setting may be a list with commas, or a JSON object of origins and addresses."""
    if not setting.lstrip().startswith("{"):
        return ",".join(filter(None, (setting, *origins)))
    try:
        table = json.loads(setting)
    except ValueError:
        return setting  # the services refuse it, and say why
    for text in origins:
        added = EgressSettings(allowed_origins=text).allowed_origins
        table |= {origin: str(address) for origin, address in added.items()}
    return json.dumps(table)


def origin_of_option(text: str) -> str:
    """The text itself; raises typer's `BadParameter` where it names no origin."""
    if not text.strip():
        raise typer.BadParameter("The origin is empty.", param_hint="--allow-origin")
    try:
        EgressSettings(allowed_origins=text)
    except ValidationError as error:
        why = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise typer.BadParameter(f"{why}.", param_hint="--allow-origin") from None
    return text
