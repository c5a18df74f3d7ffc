from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

from auth_service.domain.reference_rules import ReferenceRule
from egress.domain_name import normalise_domain
from egress.errors import DomainInvalid
from kit.key_services.settings import KeysSettings
from kit.root_keys import RootKeys
from kit.settings import ServiceSettings


def _entries(value: Any) -> Any:
    """Separated by commas, as the environment holds them."""
    if not isinstance(value, str):
        return value
    return tuple(filter(None, (entry.strip() for entry in value.split(","))))


def _rules(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        ReferenceRule.parse(entry)
    return entries


def _normalised(domains: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(normalise_domain(each) for each in domains)
    except DomainInvalid as why:
        raise ValueError(why.sentence) from None


class AuthSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    mongodb_database: str = "auth"
    keys: RootKeys
    """`id:base64(32 random bytes)`, several with commas between; the first one writes."""
    key_services: KeysSettings = Field(default_factory=KeysSettings)
    release_seconds: float = Field(default=60, ge=1, le=60)
    """How long a replica of execution may use a credential that it was handed."""
    sign_in_domains: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_entries), AfterValidator(_normalised)
    ] = ()
    """Where people may be sent to sign in, beside an API's own domain and the shipped ones."""
    secret_references: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_entries), AfterValidator(_rules)
    ] = ()
    """Which secrets of the operator's stores each workspace may refer to (`ReferenceRule`)."""
