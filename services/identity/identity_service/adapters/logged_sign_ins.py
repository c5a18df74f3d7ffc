from identity_service.domain.member import Member
from kit import logs

log = logs.logger("identity.sign_in")


class LoggedSignIns:
    """Ids only: logs hold no names and addresses of people."""

    def emergency(self, member: Member) -> None:
        log.warning("emergency_owner_signed_in", workspace=member.workspace_id, member=member.id)

    def admitted(self, member: Member, how: str) -> None:
        log.info(
            "person_admitted",
            workspace=member.workspace_id,
            member=member.id,
            role=member.role.value,
            how=how,
        )
