"""Whose each command is, and that words of somebody else's command are an answer where one is awaited."""

from __future__ import annotations

import pytest
from papers import ask, facts
from talk import Office, Person

from handlers import (
    audiences,
    routes,
)
from handlers.words import COMMANDS, WITH_WORDS


def test_every_command_is_somebodys() -> None:
    assert set(audiences.OF) == set(routes.COMMANDS) == {*COMMANDS, *WITH_WORDS}
    assert all(roles and roles <= audiences.EVERYBODY for roles in audiences.OF.values())


@pytest.mark.parametrize(
    "words",
    ["核查 3 家", "快照 3 家", "提请3家", "年终工作 3 家", "待年终 3 家", "复开 3 家", "专家评分 3 家", "确认数据 3家"],
)
def test_words_of_the_offices_commands_are_an_answer_while_a_question_is_open(
    office: Office, chen: Person, words: str
) -> None:
    ask(chen, "5.5")

    said = chen.send(words)

    assert "考核办" not in said
    assert "5.5" in facts(office).own or {"确认", "诚信计量示范"} & set(chen.labels)  # kept, or offered as its answer


@pytest.mark.parametrize("words", ["核查", "提请", "补报", "年终工作", "今天"])
def test_the_same_words_are_the_command_where_nothing_is_asked(chen: Person, words: str) -> None:
    assert "考核办" in chen.send(words)


def test_a_slash_is_always_the_command(office: Office, chen: Person) -> None:
    ask(chen, "5.5")

    assert "考核办" in chen.send("/review 3")
    assert facts(office).own == {}


def test_a_liaisons_own_commands_come_first_also_under_a_question(office: Office, chen: Person) -> None:
    ask(chen, "5.5")

    assert "自报" in chen.send("我的得分")
    assert facts(office).own == {}


def test_the_office_works_on_while_it_was_asked_something(office: Office) -> None:
    wang = office.person("wang", "office")
    wang.send("记情况")

    assert "考核 · " in wang.send("今天")


PEOPLE = {
    audiences.LIAISON: ("liaison", "孟河镇"),
    audiences.OFFICE: ("office", None),
    audiences.LEADER: ("leader", None),
    audiences.UNIT_LEADER: ("leader", "孟河镇"),
    audiences.PROVIDER: ("provider", "环保局"),
    audiences.EXPERT: ("expert", None),
}
LONGEST_HELP = 1200
"""Characters; a messenger cuts at 4,096, a person's patience ends long before."""


def names_of(command: str) -> list[str]:
    """What people type for a command, without what begins with a slash."""
    names = (*COMMANDS.get(command, ()), *WITH_WORDS.get(command, ()))
    return [name for name in names if name and not name.startswith("/")]


@pytest.mark.parametrize("role", PEOPLE)
def test_help_names_every_command_a_person_has_and_no_other(office: Office, role: str) -> None:
    someone = office.person("someone", *PEOPLE[role])

    said = someone.send("帮助")

    lines = {word for line in said.splitlines() for part in line.split("；") for word in named(part)}
    mine = {command for command, roles in audiences.OF.items() if role in roles and names_of(command)}
    assert {command for command in mine if not lines & set(names_of(command))} == set()
    assert {command for command in audiences.OF if command not in mine and lines & set(names_of(command))} == set()
    assert len(said) < LONGEST_HELP


def named(part: str) -> list[str]:
    """The words before a dash: 申请、异议 —— 答复… names two; 单位 孟河镇 is a name with an example."""
    head, dash, _ = part.partition(" —— ")
    return [word.split(" ")[0] for word in head.split("、")] if dash else []


def test_who_is_several_things_reads_help_for_each(office: Office) -> None:
    someone = office.person("someone", "provider", "环保局")
    someone.start(office.invite("liaison", "环保局"))

    said = someone.send("帮助")

    assert "确认数据 ——" in said
    assert "清单 ——" in said
