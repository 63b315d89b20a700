"""The data folder: where the database lies, who may write to it now, and its schema brought up to date.

Alembic is imported only to migrate: a start needs no more than the number of the schema.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from storage.clock import Clock, utc_now
from storage.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

DATABASE = "kaoping.sqlite3"
LOCK = "writer.lock"
EVIDENCE = "evidence"
LOCK_SECONDS = 10  # how long a command waits for another one that is writing
LOOK_SECONDS = 0.1  # how often it looks
MIGRATIONS = Path(__file__).parent / "migrations"


def try_lock(folder: Path) -> AbstractContextManager[object] | None:
    """The right to write in a data folder, given back at the end of its `with`; None where another process has it."""
    try:
        return filelock.FileLock(folder / LOCK).acquire(timeout=0)
    except filelock.Timeout:
        return None


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write in a data folder; one process at a time.

    Raises:
        StorageError: another process keeps it.
    """
    until = time.monotonic() + LOCK_SECONDS
    while (held := try_lock(folder)) is None:
        if time.monotonic() >= until:
            raise in_use(folder)
        time.sleep(LOOK_SECONDS)
    with held:
        yield


def in_use(folder: Path) -> StorageError:
    """What is said where another process keeps the right to write."""
    return StorageError(f"数据文件夹 {folder} 正被另一个 kaoping 使用，请等它结束再试")


def initialise(folder: Path, clock: Clock = utc_now) -> str:
    """Make the folder and bring its database to the newest schema; returns the schema's revision.

    A database of an earlier version gets its scores worked out again: a migration may empty that cache.
    """
    from alembic import command
    from sqlalchemy import URL, create_engine

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with writer_lock(folder):
        before = schema(folder)
        engine = create_engine(URL.create("sqlite", database=str(folder / DATABASE)))
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        with engine.connect() as connection:  # or a reader and the writer that open together wait for each other
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        engine.dispose()
        if before and before != newest_revision():
            asyncio.run(_score_again(folder / DATABASE, clock()))
    return newest_revision()


async def _score_again(path: Path, at: datetime) -> None:
    from storage import campaigns, scorecards
    from storage.database import Database

    database = Database(path)
    try:
        for campaign in await campaigns.campaigns(database):
            if campaign.rubric_ids:
                await scorecards.recompute(database, at, campaign.id)
    finally:
        await database.close()


def database_path(folder: Path) -> Path:
    """The database of an initialised folder.

    Raises:
        StorageError: not initialised, damaged, or of another schema than this program's.
    """
    found = schema(folder)
    if found is None:
        raise StorageError(f"数据文件夹 {folder} 里没有数据库，请先运行 kaoping init")
    if found != newest_revision():
        raise StorageError(f"数据库版本是 {found or '未知'}，程序要 {newest_revision()}，请先运行 kaoping init")
    return folder / DATABASE


def schema(folder: Path) -> str | None:
    """The revision of a folder's schema; empty where the database has none yet, None where there is no database.

    Raises:
        StorageError: the file is not a database.
    """
    path = folder / DATABASE
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
            if not tables.fetchone()[0]:
                return ""
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StorageError(f"数据库 {path} 打不开（{error}），请检查权限和磁盘，或用备份换回") from error
    return str(row[0]) if row else ""


def newest_revision() -> str:
    """The revision this program's schema has: its migrations are named m001, m002, …"""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("m[0-9]*.py"))


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
