"""What identity's pages say in place of a refusal's own hint, which is for programs there."""

from collections.abc import Mapping

from kit.html.texts import ASK

HINTS: Mapping[str, str] = {
    "identity.dead_letter_not_found": "List them again.",
    "identity.dead_letters_unavailable": "Tell whoever runs this installation what this page says.",
    "identity.already_a_member": "Sign in.",
    "identity.attempt_over": "Begin again, in this browser.",
    "identity.domain_not_verified": ASK,
    "identity.email_taken": "Tell whoever invited you: they find out whose it is.",
    "identity.emergency_owner_unfit": ASK,
    "identity.last_owner": ASK,
    "identity.link_used_up": "Ask an owner or an admin of your workspace for another one. "
    "Whoever runs this installation makes one for an owner.",
    "identity.link_void": "Ask an owner or an admin of your workspace for another one.",
    "identity.link_would_not_sign_in": ASK,
    "identity.member_inactive": "Ask an owner or an admin of your workspace to switch you on.",
    "identity.no_company_sign_in": "Check the e-mail address. Else you need a sign-in link, which "
    "an owner or an admin of your workspace makes.",
    "identity.no_keys": "Tell whoever runs this installation what this page says.",
    "identity.no_public_address": "Whoever runs this installation sets OPENACTIONS_PUBLIC_URL for "
    "all services, such as https://actions.example.com, and restarts them.",
    "identity.not_a_session": ASK,
    "identity.owners_rest_on_member": ASK,
    "identity.provider_unreachable": "Try again in a minute. If this goes on, tell an owner of "
    "your workspace.",
    "identity.provider_unsuitable": "Try again in a minute. If this goes on, tell an owner of your "
    "workspace what this page says.",
    "identity.service_signs_in_nowhere": "An owner or an admin of your workspace makes tokens for "
    "it.",
    "identity.sign_on_enforced": "Sign in with it.",
    "identity.title_differs": ASK,
    "identity.token_ends_no_session": ASK,
    "identity.too_many_invitations": ASK,
    "identity.too_many_members": ASK,
    "identity.too_many_tokens": ASK,
}
