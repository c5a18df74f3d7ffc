"""Facts about one call, made from the few words that a test is about."""

from datetime import UTC, datetime, timedelta

from contracts.facts import InvocationFinished, InvocationStarted, Outcome

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _about(id_, workspace_id, minutes):
    return {
        "time": NOON + timedelta(minutes=minutes),
        "workspace_id": workspace_id,
        "invocation_id": id_,
        "gpt_id": "gpt_1",
        "action_id": "act_1",
        "operation": "addPet",
        "method": "POST",
        "host": "api.example.com",
        "member_id": "mem_1",
        "arguments_hash": "hash",
    }


def started(id_="inv_1", workspace_id="ws_ours", minutes=0, **fields):
    return InvocationStarted(**{**_about(id_, workspace_id, minutes), **fields})


def finished(id_="inv_1", outcome=Outcome.SUCCEEDED, workspace_id="ws_ours", minutes=1, **fields):
    known = {"outcome": outcome, "code": "ok", "status": 200, "response_bytes": 2}
    return InvocationFinished(**{**_about(id_, workspace_id, minutes), **known, **fields})
