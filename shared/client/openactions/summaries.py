"""What `openactions --help` says of each command that calls a platform."""

SUMMARIES = {
    "import": "Store an OpenAPI document, from a file or a URL; print its id.",
    "create-gpt": "Make a GPT; print its id.",
    "bind": "Make an API's operations a GPT's action; print the action's id.",
    "set-key": "Set the API key that an action signs in with.",
    "allow-domain": "Let this workspace's actions call a domain and its subdomains.",
    "publish": "Publish a GPT's draft; print its version.",
    "unpublish": "Publish a GPT no longer; its draft and versions stay.",
    "invoke": "Call one operation of a published GPT and print how it ended.",
    "schemas": "Stored OpenAPI documents: list, show, delete.",
    "gpts": "GPTs: list, show, delete.",
    "actions": "Actions of a GPT's draft: show, change, delete.",
    "versions": "Versions of a GPT: list, show, restore.",
    "members": "Members of the workspace: who belongs to it, who is invited, who is switched off.",
    "tokens": "API tokens: list, create, revoke.",
    "domains": "Domains that actions may call: list, remove.",
    "invocations": "Calls that were made: list, show.",
    "workspaces": "Workspaces, for the operator: list, show, create, close, restore.",
}
