"""The operating system's chromium (`apt-get install chromium`)."""

import os

NO_CHROMIUM = "Chromium is not installed: `apt-get install chromium`."


def launch(playwright, program):
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=as_root)
