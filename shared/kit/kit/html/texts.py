"""All that pages say. Each sentence is whole, and says what to do; `{names}` are filled in."""

from collections.abc import Mapping
from typing import NamedTuple


class PageText(NamedTuple):
    title: str
    lines: tuple[str, ...]


NOTES: Mapping[str, str] = {
    "scopes_missing": "You did not allow all that the GPT asks for, so some of its calls may be "
    "refused there. Sign in again to allow the rest.",
    "scopes_added": "More is allowed than the GPT asks for, as of an earlier sign-in.",
    "role_by_groups": "When you sign in with your company's account, the groups that it names give "
    "you your role, in place of this one. Ask whoever invited you if you need this role.",
}
"""What a page says beside its own sentences where that is so."""
TEXTS: Mapping[str, PageText] = {
    "sign_in": PageText(
        "Sign in",
        (
            "This link signs you in as {member} (role: {role}) in the workspace {workspace}.",
            "It works once. Whoever is signed in in this browser now is signed out by it.",
            "If you did not ask for it, close this page: nothing happens then.",
        ),
    ),
    "invitation": PageText(
        "You are invited",
        (
            "{inviter} invites you to the workspace {workspace}, as {email} (role: {role}).",
            "The button makes you a member and signs you in. The invitation works once.",
            "Whoever is signed in in this browser now is signed out by it.",
            "If you do not know who invites you, close this page: nothing happens then.",
        ),
    ),
    "invitation_at_company": PageText(
        "You are invited",
        (
            "{inviter} invites you to the workspace {workspace}, as {email} (role: {role}).",
            "The button makes you a member. The invitation works once.",
            "Then you sign in at your company: this workspace lets nobody in otherwise.",
            "If you do not know who invites you, close this page: nothing happens then.",
        ),
    ),
    "joined": PageText(
        "You are a member now",
        (
            "You are a member of the workspace {workspace}, as {email} (role: {role}).",
            "Now sign in at your company: this workspace lets nobody in otherwise.",
        ),
    ),
    "joined_before": PageText(
        "You are a member already",
        (
            "A member of this workspace has the e-mail address of this invitation.",
            "If that is you, sign in. Else tell whoever invited you.",
        ),
    ),
    "sign_in_how": PageText(
        "Sign in",
        (
            "Your company may have set this up: then you sign in with its account.",
            "Enter your e-mail address. What stands behind the @ says which company it is.",
            "Else you need a sign-in link, which an owner or an admin of your workspace makes.",
            "Whoever runs this installation makes one with `openactions sign-in`.",
        ),
    ),
    "go_to_company": PageText(
        "Go on at your company",
        (
            "Your company says who you are: you sign in there, and come back here.",
            "Sign in there within ten minutes, in this browser.",
        ),
    ),
    "company_asked": PageText(
        "Do you want to sign in?",
        (
            "This leads to the company's sign-in of the workspace {workspace}.",
            "If this browser is signed in to another workspace, signing in to this one ends that.",
            "If you did not want this, close this page: nothing happens then.",
        ),
    ),
    "sign_in_needed": PageText(
        "Sign in first",
        (
            "This page is for people who are signed in, and this browser is not, or not any more.",
            "Sign in with your company's account, where your company has set this up.",
            "Else you need a sign-in link, which an owner or an admin of your workspace makes.",
            "Whoever runs this installation gets one with `openactions sign-in`.",
            "Sign in in this browser, then come back here.",
        ),
    ),
    "another_member": PageText(
        "This page is for somebody else",
        (
            "You are signed in, but this page is about another member's matter.",
            "If that member is you, sign in as that member, then come back here.",
        ),
    ),
    "choose_workspace": PageText(
        "Choose a workspace",
        (
            "You belong to several workspaces. Choose the one that you want to work in.",
            "To change later, sign out and sign in again.",
        ),
    ),
    "signed_in": PageText(
        "You are signed in",
        (
            "You are {member} (role: {role}) in the workspace {workspace}.",
            "This browser stays signed in until you have not used it for 12 hours, 7 days at most.",
            "Sign out where other people use this browser, too.",
        ),
    ),
    "signed_out": PageText(
        "You are signed out",
        ("This browser is signed out. You may close this page.",),
    ),
    "still_signed_in": PageText(
        "You are still signed in",
        (
            "This browser is signed in as {member} (role: {role}) in the workspace {workspace}.",
            "The button signs it out.",
        ),
    ),
    "no_sign_out_there": PageText(
        "Sign out there yourself",
        (
            "Your company's sign-in does not say where people sign out.",
            "Open your company's own page of your account, and sign out there.",
        ),
    ),
    "connect_asked": PageText(
        "Sign in to an action",
        (
            "You are {member} in the workspace {workspace}.",
            "The GPT {gpt} calls {service}, and needs your account there.",
            "The link leads to {provider}. You sign in there and see what the GPT asks for.",
            "Come back within ten minutes, in this browser.",
            "If you did not want this, close this page: nothing happens then.",
        ),
    ),
    "key_asked": PageText(
        "Enter your key",
        (
            "You are {member} in the workspace {workspace}.",
            "The GPT {gpt} calls {service} with a key of your own, which you get there.",
            "It is stored encrypted and sent to {service} alone. Nobody can read it here again.",
            "If you did not want this, close this page: nothing happens then.",
        ),
    ),
    "connected": PageText(
        "You have successfully signed in via OAuth",
        (
            "You are signed in at {service}.",
            "A call that waits for this goes on by itself. You may close this page.",
        ),
    ),
    "connected_as": PageText(
        "You have successfully signed in via OAuth",
        (
            "You are signed in at {service} as {account}.",
            "A call that waits for this goes on by itself. You may close this page.",
        ),
    ),
    "key_kept": PageText(
        "Your key is stored",
        (
            "Calls of {service} are made with it from now on.",
            "A call that waits for this goes on by itself. You may close this page.",
        ),
    ),
    "refused": PageText("That did not work", ("{sentence}", "{hint}")),
}
LABELS: Mapping[str, str] = {
    "sign_in": "Sign in",
    "sign_out": "Sign out",
    "join": "Join and sign in",
    "join_only": "Join",
    "choose": "{workspace} (role: {role})",
    "go_back": "Back to the page that you wanted",
    "start": "To the start page",
    "how_to_sign_in": "Sign in",
    "go_on": "Go on",
    "email": "E-mail address",
    "go_to_company": "To your company's sign-in",
    "sign_out_there": "Sign out of your company's account, too",
    "go_to_provider": "Go on to sign in",
    "sign_in_again": "Sign in again",
    "keep_key": "Store the key",
    "change_account": "Sign out of your company's account, to use another one",
}
"""Of buttons and links."""
ASK = "Go back to where you came from. Or ask an owner or an admin of your workspace."
HINTS: Mapping[str, str] = {
    "identity.cannot_act_for": ASK,
    "identity.session_renewal": "Open the page again.",
    "identity.workspace_closing": "An owner of the workspace can undo that until then.",
    "platform.blob_store_unavailable": "Try again in a minute.",
    "platform.cross_site": "Open the page in a window of its own, at the address of this "
    "installation, and try again.",
    "platform.rate_limited": "Wait as long as this page says, then open it again.",
    "platform.too_many_lookups": "Try again in a moment.",
    "platform.unknown_parameter": "Open the page again from where you came.",
}
"""What a page says in place of a refusal's own hint, by code, where that is for programs: of the
refusals of contracts and kit. Those of a service's own are its pages' (`PageRoute.hints`).
"""
