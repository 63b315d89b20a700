"""A name is written down once, by who has none; the trail says that it was, not what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from talk import Office, Person

from storage import own_names
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit


@pytest.fixture
def office(tmp_path: Path) -> Any:
    made = Office(tmp_path / "data", ("xinbei-2011-towns",), [RosterUnit("孟河镇", "镇", (), (), ())])
    made.person("wang", "office")
    yield made
    made.close()


def give(office: Office, name: str, person_id: int = 1) -> str:
    async def work() -> str:
        async with office.database.write() as connection:
            return await own_names.give_in(connection, office.now, person_id, name)

    return office.run(work())  # type: ignore[no-any-return]


def test_a_name_is_kept_without_blanks_and_the_trail_does_not_tell_it(office: Office) -> None:
    async def trail() -> list[str]:
        async with office.database.read() as connection:
            rows = await connection.execute(text("SELECT subject FROM audit WHERE action = 'person.named'"))
            return [row.subject for row in rows]

    assert give(office, " 王 处 ") == "王处"
    assert ["王处" in subject for subject in office.run(trail())] == [False]
    assert "王处" in Person(office, "wang").send("人员")


def test_a_second_name_no_name_and_nobody_are_refused(office: Office) -> None:
    with pytest.raises(StorageError, match="写上姓名"):
        give(office, "  ")
    give(office, "王处")
    with pytest.raises(StorageError, match="记的是 王处"):
        give(office, "李鬼")
    with pytest.raises(NotFoundError):
        give(office, "王处", 99)
