"""An empty database of SecantusDB with all of its tables, whole before it has its name.

SecantusDB makes a table when the first of its collections is written. A process that is killed
meanwhile leaves a table which WiredTiger refuses from then on ("cannot be used until all column
groups are created"), and the database never opens again.

    python -m openactions_local.empty_database FOLDER
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from secantus import storage as secantus  # type: ignore[import-untyped]


def make(folder: Path) -> None:
    """What an earlier attempt left is made anew."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    store: Any = secantus.Storage(str(unfinished), durable=True, sync_on_commit=True)
    try:
        session = store._conn.open_session()  # noqa: SLF001 - it has no other way to its tables
        for shard in range(secantus._DOC_SHARDS):  # noqa: SLF001
            session.create(secantus._doc_shard_name(shard), secantus._DOC_SHARD_CFG)  # noqa: SLF001
        session.close()
    finally:
        store.close()
    unfinished.rename(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
