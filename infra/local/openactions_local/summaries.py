"""What `openactions --help` says of each command: loading them all to say so would take seconds."""

SUMMARIES = {
    "up": "Start the whole platform here: broker, database and every service. Ctrl-C stops it.",
    "demo": "Walk one real call through everything. Without --url, on a platform of its own.",
    "sign-in": "Print a link that signs a browser in as owner, once.",
    "validate": "Say exactly what is wrong with an OpenAPI document.",
    "dead-letters": "Facts that a service could not process: see, replay.",
    "streams": "What the broker keeps: see, bring up to date.",
}

RECIPES = {
    "bench": "Measure: overhead of a call, calls per second, memory.",
    "check": "Every gate that needs no server, in about two minutes.",
    "console": "Build the web pages (`console build`), or compare them with their sources.",
    "contracts": "Write contracts, OpenAPI documents and broker permissions anew.",
    "lock": "Resolve the dependencies anew into the locks.",
    "new-service": "Write the skeleton of a new service.",
    "test": "Unit and integration tests.",
    "test-all": "All of them, with the end-to-end, security and chaos suites.",
    "test-nightly": "Corpora, long freezes, a loop of kills, 200,000 calls.",
}
"""What the script `openactions` of a clone runs beside the commands."""
