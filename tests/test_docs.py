"""The documents say what is true: every command in them exists, every command is in them, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bot.cli import app
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "DECISIONS.md",
    "CHANGELOG.md",
    "docs/rubric-format.md",
    "bench/README.md",
)
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}


def commands() -> dict[str, click.Command]:
    found = {}
    for name, command in app.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": part for sub, part in command.commands.items()}
        else:
            found[name] = command
    return found


def test_every_command_in_the_readmes_exists() -> None:
    for page in ("README.md", "README.zh-CN.md"):
        for words in re.findall(r"\$ kaoping ([a-z]+(?: [a-z]+\b(?!-))?)", TEXTS[page]):
            assert words in commands() or words.split()[0] in commands(), words


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_both_readmes(name: str) -> None:
    assert f"kaoping {name}" in TEXTS["README.md"]
    assert f"kaoping {name}" in TEXTS["README.zh-CN.md"]


@pytest.mark.parametrize("name", commands())
def test_every_option_has_help_and_is_in_chinese(name: str) -> None:
    command = commands()[name]
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert re.search(r"[\u4e00-\u9fff]|JSON", option.help), option.name


@pytest.mark.parametrize("page", PAGES)
def test_links_and_named_files_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXTS[page]):
        assert ((ROOT / page).parent / target).exists(), target
    for name in re.findall(r"`((?:rubrics|tests|bench|docs|examples|bot)/[\w./-]+)`", TEXTS[page]):
        assert (ROOT / name).exists(), name


def test_every_setting_is_in_both_readmes_and_every_one_in_them_exists() -> None:
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for page in ("README.md", "README.zh-CN.md"):
        assert set(re.findall(r"KAOPING_[A-Z_]+", TEXTS[page])) == settings


def test_every_file_of_a_built_room_is_on_the_map() -> None:
    for path in [*(ROOT / "rubrics").glob("*.py"), *(ROOT / "storage").glob("*.py")]:
        assert path.name == "__init__.py" or f"`{path.name}`" in TEXTS["ARCHITECTURE.md"], path.name
