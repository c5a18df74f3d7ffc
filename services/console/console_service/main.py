import secrets

from fastapi import FastAPI

import console_service
from console_service.adapters.packaged_files import packaged_files
from console_service.app import ConsoleApp
from console_service.entrypoints import http
from console_service.settings import ConsoleSettings
from console_service.usecases.show_page import ShowPage
from kit.plain_service import assemble_plain

NONCE_BYTES = 16


def build(settings: ConsoleSettings) -> FastAPI:
    """Assemble the service, which needs neither database nor broker."""
    built = packaged_files()
    app = ConsoleApp(built, ShowPage(built, lambda: secrets.token_urlsafe(NONCE_BYTES)))
    return assemble_plain(
        "console", settings, app, [http.router], description=console_service.__doc__
    )
