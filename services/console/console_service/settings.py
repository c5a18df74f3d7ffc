from pydantic_settings import SettingsConfigDict

from kit.settings import ProcessSettings


class ConsoleSettings(ProcessSettings):
    """Read once, in `main`. A malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="CONSOLE_")
