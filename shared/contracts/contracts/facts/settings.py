from contracts.fact import Fact


class SettingsChanged(Fact, name="settings.changed", by="policy", voids=True):
    """The workspace's switches are different; copies of them and its cached verdicts are void."""

    revision: int
