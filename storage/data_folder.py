"""The data folder: where the database lies, who may write to it now, and its schema brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.errors import StorageError

DATABASE = "kaoping.sqlite3"
LOCK = "writer.lock"
EVIDENCE = "evidence"
LOCK_SECONDS = 10  # how long a command waits for another one that is writing


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write in a data folder; one process at a time.

    Raises:
        StorageError: another process keeps it.
    """
    try:
        with filelock.FileLock(folder / LOCK, timeout=LOCK_SECONDS):
            yield
    except filelock.Timeout as error:
        raise StorageError(f"数据文件夹 {folder} 正被另一个 kaoping 使用，请等它结束再试") from error


def initialise(folder: Path) -> str:
    """Make the folder and bring its database to the newest schema; returns the schema's revision."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with writer_lock(folder):
        engine = create_engine(f"sqlite:///{folder / DATABASE}")
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        engine.dispose()
    return newest_revision()


def database_path(folder: Path) -> Path:
    """The database of an initialised folder.

    Raises:
        StorageError: not initialised, or of another schema than this program's.
    """
    path = folder / DATABASE
    if not path.exists():
        raise StorageError(f"数据文件夹 {folder} 里没有数据库，请先运行 kaoping init")
    engine = create_engine(f"sqlite:///file:{path.absolute()}?mode=ro&uri=true")
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    if found != newest_revision():
        raise StorageError(f"数据库版本是 {found}，程序要 {newest_revision()}，请先运行 kaoping init")
    return path


def newest_revision() -> str:
    """The revision this program's schema has."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
