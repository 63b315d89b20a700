"""What a running bot compiles once, tests with a bot each would compile again: here it is kept for the process.

A test has an environment of templates and an engine of its own, as it has a database of its own. Only what the
compilers made of the same text or the same statement is shared, and nothing that was read or written with it.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from channels import text
from storage import connections


class Templates(BytecodeCache):
    """The code of templates, by their place and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class Dialect(SQLiteDialect_pysqlite):
    """SQLite; equal to any other, so that a statement compiled for one engine is found by the next."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialect)

    def __hash__(self) -> int:
        return hash(Dialect)


def keep() -> None:
    """Keep what is compiled from here on until the process ends."""
    templates = Templates()
    statements: dict[Any, Any] = {}
    registry.register("sqlite", __name__, "Dialect")

    def environment(**words: Any) -> Environment:
        return Environment(bytecode_cache=templates, **words)

    def engine(url: str, **words: Any) -> Any:
        return create_engine(url, execution_options={"compiled_cache": statements}, **words)

    text.Environment = environment  # type: ignore[attr-defined,misc,assignment]
    connections.create_engine = engine  # type: ignore[attr-defined,assignment]
