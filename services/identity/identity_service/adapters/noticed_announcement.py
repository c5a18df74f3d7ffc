from dataclasses import dataclass

from identity_service.ports import AnnounceOwnerToken


@dataclass(slots=True)
class NoticedAnnouncement:
    """Whether this process has announced an owner token."""

    announce: AnnounceOwnerToken
    happened: bool = False

    def __call__(self, token: str) -> None:
        self.announce(token)
        self.happened = True
