from contracts.fact import Fact


class DomainsChanged(Fact, name="domains.changed", by="policy", voids=True):
    """The workspace's domain rules are different; every cached verdict of it is void."""

    revision: int
