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
