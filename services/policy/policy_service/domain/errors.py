from contracts.errors import Invalid, NotFound


class TooManyDomains(Invalid):
    code = "policy.too_many_domains"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A workspace can list at most {limit:,} domains.",
            hint="Allow a parent domain: it covers its subdomains.",
        )


class DomainNotListed(NotFound):
    code = "policy.domain_not_listed"

    def __init__(self, domain: str) -> None:
        super().__init__(
            f"{domain} is not on your workspace's list.", hint="GET /v1/domains shows the list."
        )


class CallsBeyondLimit(Invalid):
    code = "policy.calls_beyond_limit"

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"`{name}` may be at most {most:,}: that is what the operator of this installation "
            "allows a workspace.",
            hint="Choose a smaller number, or ask the operator for more.",
        )
