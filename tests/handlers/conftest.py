"""The 2011 campaign of one town and two departments."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from talk import Office, Person

from storage.roster import RosterUnit, Target

RUBRICS = ("xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks")
UNITS = [
    RosterUnit("孟河镇", "镇", ("孟河",), (), (Target("xinbei-2011-towns", "2.4", Decimal(3)),)),
    RosterUnit("西夏墅镇", "镇", (), (), ()),
    RosterUnit("环保局", "部门", (), (), ()),
    RosterUnit("质监分局", "部门", ("质监",), (), ()),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", RUBRICS, UNITS)
    yield made
    made.close()


@pytest.fixture
def chen(office: Office) -> Person:
    """孟河镇's liaison."""
    return office.person("chen", "liaison", "孟河镇")
