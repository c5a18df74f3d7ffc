"""Answers of the API about connections, such as a real one has only once somebody signed in.

`Connections` answers a page's requests below `/v1/connections`, and keeps what was asked of it.
"""

import json
from urllib.parse import parse_qs, urlsplit

SERVICE = "api.example.com"
PAGE = 50


def connection(number=1, **members):
    return {
        "id": f"con_{number}",
        "action_id": "act_1",
        "gpt_id": "gpt_1",
        "gpt_name": "Calendar helper",
        "kind": "oauth",
        "service": SERVICE,
        "account_label": "ada@example.com",
        "scopes": ["read", "profile"],
        "scopes_asked": ["read", "write"],
        "scopes_missing": ["write"],
        "scopes_added": ["profile"],
        "since": "2026-11-20T09:00:00Z",
        "expires_at": "2026-11-28T12:00:00Z",
        "last_used_at": "2026-11-28T08:00:00Z",
        "state": "linked",
        "why": "",
        "what_to_do": "",
        "sign_in": "",
    } | members


def lost(number=2, **members):
    return connection(
        number,
        **{
            "service": "calendar.example.org",
            "state": "lost",
            "why": "gave_up",
            "what_to_do": "The provider did not renew it for four days. Sign in again.",
            "sign_in": "/aip/act_1/sign-in",
            "expires_at": None,
        }
        | members,
    )


def own_key(number=3, **members):
    return connection(
        number,
        **{
            "action_id": "act_3",
            "kind": "key",
            "service": "maps.example.net",
            "account_label": "",
            "scopes": [],
            "scopes_asked": [],
            "scopes_missing": [],
            "scopes_added": [],
            "expires_at": None,
            "last_used_at": None,
        }
        | members,
    )


class Connections:
    """`shown` are a member's own; `of_members` those that an admin sees, with `member_id`."""

    def __init__(self, page, shown=(), of_members=()):
        self.shown = list(shown)
        self.of_members = list(of_members)
        self.asked = []
        """The method, path and body of each request that changes something."""
        self.refusal = None
        """Answered to the next request that changes something, once."""
        page.route("**/v1/connections**", self._answer)
        page.route("**/v1/connections/**", self._answer)

    def _answer(self, route):
        request = route.request
        url = urlsplit(request.url)
        if request.method == "GET":
            route.fulfill(json=self._read(url.path, parse_qs(url.query)))
            return
        self.asked.append((request.method, url.path, json.loads(request.post_data or "null")))
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            route.fulfill(status=refusal["status"], json=refusal)
            return
        self._change(route, request.method, url.path)

    def _change(self, route, method, path):
        last = path.rpartition("/")[2]
        if method == "DELETE":
            self.shown = [each for each in self.shown if each["id"] != last]
            self.of_members = [each for each in self.of_members if each["id"] != last]
            route.fulfill(status=204)
        elif method == "PUT":
            self.shown = [each for each in self.shown if each["action_id"] != last]
            self.shown.append(own_key(action_id=last))
            route.fulfill(json=self.shown[-1])
        else:
            url = "/account?signed-in"
            route.fulfill(status=201, json={"url": url, "expires_at": "2026-11-28T12:00:00Z"})

    def _read(self, path, query):
        match path.removeprefix("/v1/connections").split("/"):
            case [_]:
                return paged(self.shown, query)
            case [_, "keys", action_id]:
                form = {"placement": "basic", "service": "maps.example.net", "version": "1"}
                is_set = any(each["action_id"] == action_id for each in self.shown)
                return form | {"labels": ["E-mail address", "Maps key"], "is_set": is_set}
            case [_, "actions"]:
                return paged(self._counted(), query)
            case [_, "actions", action_id]:
                of_action = [each for each in self.of_members if each["action_id"] == action_id]
                return paged(of_action, query)
        return None

    def _counted(self):
        actions = {each["action_id"]: each["service"] for each in self.of_members}
        return [
            {"action_id": action_id, "service": service} | self._counts(action_id)
            for action_id, service in actions.items()
        ]

    def _counts(self, action_id):
        states = [each["state"] for each in self.of_members if each["action_id"] == action_id]
        return {state: states.count(state) for state in ("linked", "sign_in_again", "lost")}


def paged(items, query):
    start = int(query.get("cursor", ["0"])[0])
    more = start + PAGE < len(items)
    return {
        "items": items[start : start + PAGE],
        "next_cursor": str(start + PAGE) if more else None,
    }
