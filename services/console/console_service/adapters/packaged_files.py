import gzip
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from console_service.domain.asset import MEDIA_TYPES, Asset


class PackagedFiles:
    """`console_service/static`, read once."""

    def __init__(self) -> None:
        static = files("console_service") / "static"
        self._page = (static / "index.html").read_text("utf-8")
        self._assets = dict(_asset(each) for each in (static / "assets").iterdir())

    def page(self) -> str:
        return self._page

    def find_asset(self, name: str) -> Asset | None:
        return self._assets.get(name)


@cache
def packaged_files() -> PackagedFiles:
    return PackagedFiles()


def _asset(file: Traversable) -> tuple[str, Asset]:
    content = file.read_bytes()
    media_type = MEDIA_TYPES[file.name.rpartition(".")[2]]
    return file.name, Asset(media_type, content, gzip.compress(content, mtime=0))
