"""What a platform keeps, by the names that its routes have: listed, read, changed, deleted.

Lists are read page after page as they are walked through; their filters are the routes' own, such
as `members(role="admin")` and `gpts(q="vet")`.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from openactions.requests import Answer, Requests

Items = Iterator[dict[str, Any]]


class Resources(Requests):
    """The workspace of the token; `workspaces` and what follows need the operator's token."""

    def schemas(self, **filters: Any) -> Items:
        return self.each("/v1/schemas", **filters)

    def schema(self, schema_id: str) -> Answer:
        return self._one(at("schemas", schema_id))

    def delete_schema(self, schema_id: str) -> None:
        """Refused while a GPT's draft, or a version of it, has an action of it."""
        self.delete(at("schemas", schema_id))

    def gpts(self, **filters: Any) -> Items:
        return self.each("/v1/gpts", **filters)

    def gpt(self, gpt_id: str) -> Answer:
        return self._one(at("gpts", gpt_id))

    def delete_gpt(self, gpt_id: str) -> None:
        self.delete(at("gpts", gpt_id))

    def unpublish(self, gpt_id: str) -> Answer:
        answer: Answer = self.post(at("gpts", gpt_id, "unpublish"))
        return answer

    def action(self, gpt_id: str, action_id: str) -> Answer:
        return self._one(at("gpts", gpt_id, "actions", action_id))

    def change_action(self, gpt_id: str, action_id: str, **changes: Any) -> Answer:
        """What is left out stays as it is, such as `schema_id`, `operations` and `base_url`."""
        answer: Answer = self.patch(at("gpts", gpt_id, "actions", action_id), changes)
        return answer

    def delete_action(self, gpt_id: str, action_id: str) -> None:
        self.delete(at("gpts", gpt_id, "actions", action_id))

    def versions(self, gpt_id: str, **filters: Any) -> Items:
        return self.each(at("gpts", gpt_id, "versions"), **filters)

    def version(self, gpt_id: str, number: int) -> Answer:
        return self._one(at("gpts", gpt_id, "versions", number))

    def restore_version(self, gpt_id: str, number: int) -> Answer:
        """Make its texts and actions the draft; what is published stays as it is."""
        answer: Answer = self.post(at("gpts", gpt_id, "versions", number, "restore"))
        return answer

    def members(self, **filters: Any) -> Items:
        return self.each("/v1/members", **filters)

    def member(self, member_id: str) -> Answer:
        return self._one(at("members", member_id))

    def add_member(
        self, name: str, role: str, *, kind: str | None = None, email: str | None = None
    ) -> Answer:
        """`kind="service"` makes a service account: a program, with tokens alone."""
        body = {"name": name, "role": role, **given(kind=kind, email=email)}
        answer: Answer = self.post("/v1/members", body)
        return answer

    def change_member(
        self,
        member_id: str,
        *,
        name: str | None = None,
        role: str | None = None,
        email: str | None = None,
        active: bool | None = None,
    ) -> Answer:
        """What is left out stays as it is. `active=False` switches a member off."""
        body = given(name=name, role=role, email=email, active=active)
        answer: Answer = self.patch(at("members", member_id), body)
        return answer

    def remove_member(self, member_id: str) -> None:
        self.delete(at("members", member_id))

    def create_sign_in_link_of_member(self, member_id: str) -> Answer:
        """Whoever opens its `url` first, within ten minutes, is signed in as this person."""
        answer: Answer = self.post(at("members", member_id, "sign-in-links"))
        return answer

    def invite(self, email: str, role: str, *, name: str | None = None) -> Answer:
        """Whoever opens its `url` first, within seven days, becomes the member; no mail is sent."""
        body = {"email": email, "role": role, **given(name=name)}
        answer: Answer = self.post("/v1/members/invitations", body)
        return answer

    def invitations(self, **filters: Any) -> Items:
        """Those that nobody has used yet."""
        return self.each("/v1/members/invitations", **filters)

    def revoke_invitation(self, invitation_id: str) -> None:
        self.delete(at("members", "invitations", invitation_id))

    def tokens(self, **filters: Any) -> Items:
        return self.each("/v1/tokens", **filters)

    def create_token(
        self,
        name: str,
        *,
        member_id: str | None = None,
        expires_in_days: int | None = None,
        scopes: Sequence[str] | None = None,
    ) -> Answer:
        """The token itself is in this answer, as `token`, and in no other. Without `scopes` it may
        do all that its member's role allows.
        """
        more = given(member_id=member_id, expires_in_days=expires_in_days, scopes=scopes)
        answer: Answer = self.post("/v1/tokens", {"name": name, **more})
        return answer

    def revoke_token(self, token_id: str) -> None:
        self.delete(at("tokens", token_id))

    def domains(self, **filters: Any) -> Items:
        return self.each("/v1/domains/entries", **filters)

    def disallow_domain(self, domain: str) -> None:
        self.delete(at("domains", domain))

    def invocations(self, **filters: Any) -> Items:
        return self.each("/v1/invocations", **filters)

    def workspaces(self, **filters: Any) -> Items:
        return self.each("/v1/workspaces", **filters)

    def workspace(self, workspace_id: str) -> Answer:
        return self._one(at("workspaces", workspace_id))

    def create_workspace(self, title: str) -> Answer:
        """Its owner's token is in this answer, as `owner_token`, and in no other."""
        answer: Answer = self.post("/v1/workspaces", {"title": title})
        return answer

    def close_workspace(self, workspace_id: str, title: str) -> Answer:
        """It is removed after 30 days (`closing_until`). The title is its own, exactly."""
        answer: Answer = self.delete(at("workspaces", workspace_id), {"title": title})
        return answer

    def restore_workspace(self, workspace_id: str) -> Answer:
        answer: Answer = self.post(at("workspaces", workspace_id, "restore"))
        return answer

    def create_sign_in_link(self, workspace_id: str) -> Answer:
        """Whoever opens its `url` first, within ten minutes, is signed in as the oldest owner."""
        answer: Answer = self.post(at("workspaces", workspace_id, "sign-in-links"))
        return answer

    def _one(self, path: str) -> Answer:
        answer: Answer = self.get(path)
        return answer


def given(**members: Any) -> dict[str, Any]:
    """Those that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def at(*parts: str | int) -> str:
    """The path of `/v1/` with these segments, whatever characters they have."""
    return "/v1/" + "/".join(quote(str(part), safe="") for part in parts)
