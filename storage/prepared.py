"""Statements that are run again and again: put together once, then handed to the driver as they are.

SQLAlchemy's way to the driver costs several times what SQLite needs for the small statements of a turn. What is
marked by `often` goes a shorter one: the same SQL, the same conversions of values, rows with the same names.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Dialect, Executable

_S = TypeVar("_S", bound=Executable)
_Convert = Callable[[Any], Any] | None


def often(statement: _S) -> _S:
    """Mark a statement of a module; its results have what `Rows` has."""
    return statement.execution_options(often=True)


class Rows(Sequence[Any]):
    """What a marked statement gave: as much of a result as units of work use."""

    def __init__(self, rows: list[Any], rowcount: int, last_id: int | None) -> None:
        self._rows, self.rowcount = rows, rowcount
        self.inserted_primary_key = (last_id,)

    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row; None without one."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """The first value of the first row; None without one."""
        return self._rows[0][0] if self._rows else None


class Prepared(NamedTuple):
    """A marked statement for one set of parameters."""

    sql: str
    binds: tuple[tuple[str, Any, _Convert], ...]  # the parameter's name, its value where none is given, its conversion
    row: Callable[[Iterable[Any]], Any] | None
    columns: tuple[tuple[int, Callable[[Any], Any]], ...]

    def run(self, driver: sqlite3.Connection, parameters: Mapping[str, Any]) -> Rows:
        """Run it.

        Raises whatever the driver or a conversion raises: then it should be run the long way, which says it better.
        """
        values = []
        for name, value, convert in self.binds:
            given = parameters.get(name, value)
            values.append(convert(given) if convert else given)
        cursor = driver.execute(self.sql, values)
        found = cursor.fetchall() if self.row else []
        return Rows([self._read(row) for row in found], cursor.rowcount, cursor.lastrowid)

    def _read(self, row: Sequence[Any]) -> Any:
        assert self.row is not None
        if not self.columns:
            return self.row(row)
        values = list(row)
        for place, convert in self.columns:
            values[place] = convert(values[place])
        return self.row(values)


def prepare(statement: Any, names: Sequence[str], dialect: Dialect) -> Prepared | None:
    """A statement for these parameters; None where it has to be put together anew each time."""
    keys = {"column_keys": list(names)} if statement.is_dml else {}
    compiled: Any = statement.compile(dialect=dialect, **keys)
    anew = compiled.post_compile_params or compiled.literal_execute_params
    if anew or compiled.insert_prefetch or compiled.update_prefetch or compiled.returning:
        return None
    parameters = {name: bind for bind, name in compiled.bind_names.items()}
    binds = tuple(
        (
            parameters[name].key,
            parameters[name].value,
            parameters[name].type.dialect_impl(dialect).bind_processor(dialect),
        )
        for name in compiled.positiontup
    )
    columns = [
        (entry.keyname, entry.type.dialect_impl(dialect).result_processor(dialect, None))
        for entry in compiled._result_columns
    ]
    if not columns:
        return Prepared(compiled.string, binds, None, ())
    row = _rows_of(name for name, _ in columns)
    converted = tuple((place, convert) for place, (_, convert) in enumerate(columns) if convert)
    return Prepared(compiled.string, binds, row, converted)


def _rows_of(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    make: Any = namedtuple  # the names are known only now, which mypy does not take
    return cast("Callable[[Iterable[Any]], Any]", make("Row", list(names), rename=True)._make)
