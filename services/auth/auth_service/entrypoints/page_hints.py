"""What auth's pages say in place of a refusal's own hint, which is for programs there."""

from collections.abc import Mapping

from kit.html.texts import ASK

BUILDER = "Tell whoever builds this GPT what this page says."
HINTS: Mapping[str, str] = {
    "auth.connections_full": "End one that you no longer use, on the page of your connections.",
    "auth.credential_bound_elsewhere": BUILDER,
    "auth.credential_deleted": BUILDER,
    "auth.no_own_key": "Open the page again.",
    "auth.public_url_unset": "Tell whoever runs this installation what this page says.",
    "auth.sign_in_domain_not_allowed": BUILDER,
    "auth.sign_in_not_oauth": ASK,
    "auth.sign_in_required": "Sign in to the action, then come back.",
}
