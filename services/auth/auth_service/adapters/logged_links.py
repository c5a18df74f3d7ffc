from auth_service.domain.connection import Connection, Whose
from kit import logs

log = logs.logger("auth.sign_in")


class LoggedLinks:
    """Ids only: logs hold no names, accounts and secrets of people."""

    def linked(self, connection: Connection) -> None:
        log.info(
            "connection_linked",
            workspace=connection.workspace_id,
            action=connection.action_id,
            member=connection.member_id,
            connection=connection.id,
            kind=connection.account.kind.value,
            generation=connection.generation,
        )

    def refused(self, whose: Whose, code: str) -> None:
        log.warning(
            "connection_refused",
            workspace=whose.workspace_id,
            action=whose.action_id,
            member=whose.member_id,
            refusal=code,
        )
