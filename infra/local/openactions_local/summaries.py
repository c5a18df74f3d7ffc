"""What `openactions --help` says of each command: loading them all to say so would take seconds."""

SUMMARIES = {
    "up": "Start the whole platform here: broker, database and every service. Ctrl-C stops it.",
    "demo": "Walk one real call through everything. Without --url, on a platform of its own.",
    "validate": "Say exactly what is wrong with an OpenAPI document.",
    "dead-letters": "Facts that a service could not process: see, replay.",
    "streams": "What the broker keeps: see, bring up to date.",
}
