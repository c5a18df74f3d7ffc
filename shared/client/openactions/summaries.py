"""What `openactions --help` says of each command that calls a platform."""

SUMMARIES = {
    "import": "Store an OpenAPI document, from a file or a URL; print its id.",
    "create-gpt": "Make a GPT; print its id.",
    "bind": "Make an API's operations a GPT's action; print the action's id.",
    "set-key": "Set the API key that an action signs in with.",
    "allow-domain": "Let this workspace's actions call a domain and its subdomains.",
    "publish": "Publish a GPT's draft; print its version.",
    "invoke": "Call one operation of a published GPT and print how it ended.",
}
