"""What people type for commands: the words behind one reach its handler as they were typed, where they are kept."""

from __future__ import annotations

import pytest
from talk import Office, Person

from handlers.words import KEPT, WITH_WORDS, command_of
from storage import clues, information

TYPED = "关于抽检的情况（第１期），查出不合格率１２％。"


@pytest.mark.parametrize("between", [" ", "：", ":", "　", " ： ", "\n"])
@pytest.mark.parametrize("command", sorted(KEPT))
def test_words_that_are_kept_are_those_that_were_typed(command: str, between: str) -> None:
    name = WITH_WORDS[command][-1]

    assert command_of(f" {name}{between}{TYPED} ") == (command, TYPED)


def test_a_name_in_another_width_is_cut_where_it_ends() -> None:
    assert command_of(f"／ｒｅｐｏｒｔ　{TYPED}") == ("report", TYPED)


def test_other_words_come_in_one_spelling() -> None:
    assert command_of("得分　孟河镇。") == ("scores", "孟河镇")
    assert command_of("未报：４．２") == ("missing", "4.2")


def test_a_name_alone_has_no_words() -> None:
    assert command_of("报送信息。") == ("report", "")


def test_a_report_in_one_line_is_kept_as_it_was_typed(office: Office, chen: Person) -> None:
    chen.send(f"报送信息 {TYPED}")
    chen.press("报送")

    async def title() -> str:
        async with office.database.read() as connection:
            (one,) = await information.of_unit_in(connection, 1)
            return one.title

    assert office.run(title()) == TYPED


def test_a_clue_in_one_line_is_kept_as_it_was_typed(office: Office, chen: Person) -> None:
    chen.send(f"线索：{TYPED}")

    async def text() -> str:
        async with office.database.read() as connection:
            (one,) = await clues.of_campaign_in(connection, 1)
            return one.text

    assert office.run(text()) == TYPED


def test_a_notice_in_one_line_goes_out_as_it_was_typed(office: Office, chen: Person) -> None:
    wang = office.person("wang", "office")

    assert TYPED in wang.send(f"发通知 孟河镇：{TYPED}")
