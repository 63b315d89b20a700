"""The data folder says what is wrong with it, and knows its schema without the machinery that migrates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from storage import data_folder
from storage.data_folder import DATABASE, database_path, initialise, newest_revision, schema, try_lock, writer_lock
from storage.errors import StorageError


def test_the_names_of_the_migrations_say_the_newest_schema() -> None:
    head = ScriptDirectory.from_config(data_folder._config()).get_current_head()

    assert newest_revision() == head


def test_a_folder_without_a_database_has_no_schema(tmp_path: Path) -> None:
    assert schema(tmp_path) is None


def test_an_empty_file_is_a_database_to_initialise(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    before = schema(tmp_path)
    with pytest.raises(StorageError, match="请先运行 kaoping init"):
        database_path(tmp_path)

    initialise(tmp_path)

    assert (before, schema(tmp_path)) == ("", newest_revision())


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"x" * 4096)

    with pytest.raises(StorageError, match="打不开"):
        database_path(tmp_path)


def test_a_folder_with_signs_of_an_address_in_its_name_works(tmp_path: Path) -> None:
    odd = tmp_path / "50% ?mode=rw#x"

    initialise(odd)

    assert database_path(odd) == odd / DATABASE


def test_the_right_to_write_is_given_back(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        while_held = try_lock(tmp_path)
    after = try_lock(tmp_path)

    assert while_held is None
    assert after is not None
    with after:
        pass


def test_looking_at_the_schema_imports_no_alembic() -> None:
    code = "import sys, storage.data_folder as d; d.newest_revision(); sys.exit('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
