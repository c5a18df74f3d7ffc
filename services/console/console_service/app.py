from dataclasses import dataclass

from console_service.ports import BuiltFiles
from console_service.usecases.show_page import ShowPage


@dataclass(frozen=True, slots=True)
class ConsoleApp:
    """Everything that console can do."""

    built: BuiltFiles
    show_page: ShowPage
