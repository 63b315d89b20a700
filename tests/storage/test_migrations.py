"""A database of an earlier version is brought up to date with everything in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from storage import data_folder
from storage.data_folder import DATABASE, initialise

CAMPAIGN = "INSERT INTO campaign (id, code, year, created_at) VALUES (1, '2026', 2026, '2026-11-21T08:00:00.000000Z')"
INVITATION = (
    "INSERT INTO invitation (campaign_id, role, name, code_sha256, created_at, expires_at) "
    "VALUES (1, 'office', '', 'f', '2026-11-21T08:00:00.000000Z', '2026-12-05T08:00:00.000000Z')"
)


ANSWERED = """
INSERT INTO campaign_rubric (campaign_id, rubric_id, edition_sha256, position) VALUES (1, 'xinbei-2011-towns', 'e', 0);
INSERT INTO unit (id, campaign_id, name, category, position) VALUES (1, 1, '孟河镇', '镇', 0);
INSERT INTO person (id, name, created_at) VALUES (1, '陈芳', '2026-11-21T08:00:00.000000Z');
INSERT INTO answer (campaign_id, receipt, unit_id, rubric_id, criterion_id, version, state, fact, note, said, person_id, at)
VALUES (1, 1, 1, 'xinbei-2011-towns', '1.1', 1, 'answered', 'true', '', '有', 1, '2026-11-21T08:00:00.000000Z');
"""


def at_version(folder: Path, revision: str, *statements: str) -> Path:
    engine = create_engine(f"sqlite:///{folder / DATABASE}")
    with engine.begin() as connection:
        config = data_folder._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return folder


def test_invitations_of_the_first_version_are_still_there_and_unused(tmp_path: Path) -> None:
    initialise(at_version(tmp_path, "m001", CAMPAIGN, INVITATION))

    connection = sqlite3.connect(tmp_path / DATABASE)
    found = connection.execute("SELECT role, code_sha256, used_at, used_by FROM invitation").fetchall()
    connection.close()
    assert found == [("office", "f", None, None)]


def test_the_answers_of_an_earlier_version_are_scored_again(tmp_path: Path) -> None:
    answered = [statement for statement in ANSWERED.split(";") if statement.strip()]
    folder = at_version(tmp_path, "m003", CAMPAIGN, *answered)

    initialise(folder)

    connection = sqlite3.connect(folder / DATABASE)
    found = connection.execute("SELECT answered, lacking, claimed FROM scorecard").fetchall()
    connection.close()
    ((count, lacking, claimed),) = found
    assert (count, lacking) == (1, 1)
    assert '"total":"2"' in claimed
