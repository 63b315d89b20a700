"""A database of an earlier version is brought up to date with everything in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from storage import data_folder
from storage.data_folder import DATABASE, initialise

CAMPAIGN = "INSERT INTO campaign (id, code, year, created_at) VALUES (1, '2026', 2026, '2026-11-21T08:00:00.000000Z')"
INVITATION = (
    "INSERT INTO invitation (campaign_id, role, name, code_sha256, created_at, expires_at) "
    "VALUES (1, 'office', '', 'f', '2026-11-21T08:00:00.000000Z', '2026-12-05T08:00:00.000000Z')"
)


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    engine = create_engine(f"sqlite:///{tmp_path / DATABASE}")
    with engine.begin() as connection:
        config = data_folder._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "m001")
        connection.exec_driver_sql(CAMPAIGN)
        connection.exec_driver_sql(INVITATION)
    engine.dispose()
    return tmp_path


def test_invitations_of_the_first_version_are_still_there_and_unused(first_version: Path) -> None:
    initialise(first_version)

    connection = sqlite3.connect(first_version / DATABASE)
    found = connection.execute("SELECT role, code_sha256, used_at, used_by FROM invitation").fetchall()
    connection.close()
    assert found == [("office", "f", None, None)]
