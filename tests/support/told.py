"""What a unit has answered so far, as tests of free text ask for it."""

from __future__ import annotations

from typing import Any

from talk import Office

from storage import answers

TOWNS = "xinbei-2011-towns"
TASKS = "xinbei-2011-tasks"


def answered(office: Office, unit_id: int = 1, rubric_id: str = TOWNS) -> dict[str, tuple[Any, str]]:
    """Criterion → its fact and the words it was said in, of the answers that stand."""

    async def read() -> Any:
        async with office.database.read() as connection:
            found = await answers.current_in(connection, unit_id, rubric_id)
        return {ident: (one.fact, one.said) for ident, one in found.items() if one.state == "answered"}

    return office.run(read())  # type: ignore[no-any-return]


def facts(office: Office, unit_id: int = 1, rubric_id: str = TOWNS) -> dict[str, Any]:
    """Criterion → its fact."""
    return {ident: fact for ident, (fact, _) in answered(office, unit_id, rubric_id).items()}
