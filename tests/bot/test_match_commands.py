"""``kaoping match`` as outsiders use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import app
from rubrics.errors import KaopingError

TOWNS = "xinbei-2011-towns"


def match(*args: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(app, ["match", *args], input=stdin, catch_exceptions=False, standalone_mode=False)


def test_a_message_prints_its_facts_as_json() -> None:
    done = match(TOWNS, "省名牌新增一只", "--json")

    assert json.loads(done.output) == {
        "facts": [{"criterion": "2.5a", "value": 1, "candidates": ["2.5a", "2.5b"], "decision": "sure"}]
    }


def test_words_of_several_arguments_are_one_message() -> None:
    done = match(TOWNS, "特设", "定检率", "98.5", "--json")

    (fact,) = json.loads(done.output)["facts"]
    assert (fact["criterion"], fact["value"]) == ("8.2b", 98.5)


def test_a_message_about_something_else_prints_no_facts() -> None:
    assert json.loads(match(TOWNS, "早上好", "--json").output) == {"facts": []}


def test_a_person_reads_clause_value_and_what_is_done() -> None:
    assert match(TOWNS, "省名牌新增一只").output == "2.5a 新增省名牌：1（直接记下）\n    也可能是：2.5b 新增市名牌\n"
    assert match(TOWNS, "早上好").output == "没有找到相关的要点\n"


def test_every_line_gets_one_result_and_an_empty_line_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "messages.txt"
    path.write_text("特设台账6月.xls\n\n计量确认没完成\n", encoding="utf-8")

    results = [json.loads(line)["facts"] for line in match(TOWNS, "--lines", str(path), "--json").output.splitlines()]

    assert [[(f["criterion"], f["value"]) for f in facts] for facts in results] == [
        [("9.2", None)], [], [("5.3", False)],
    ]  # fmt: skip


def test_lines_are_read_from_standard_input_too() -> None:
    done = match(TOWNS, "--lines", "-", "--json", stdin="拒检的没有\r\n")

    (fact,) = json.loads(done.output)["facts"]
    assert (fact["criterion"], fact["value"]) == ("6.4", 0)


def test_the_day_decides_what_is_still_a_plan() -> None:
    before = match(TOWNS, "质量讲座准备10月办1场", "--at", "2026-06-30", "--json")
    after = match(TOWNS, "质量讲座准备10月办1场", "--at", "2026-11-30", "--json")

    assert json.loads(before.output)["facts"][0]["value"] is None
    assert json.loads(after.output)["facts"][0]["value"] is True


def test_ten_megabytes_of_garbage_give_an_empty_result() -> None:
    done = match(TOWNS, "--lines", "-", "--json", stdin="乱" * 3_500_000)

    assert json.loads(done.output) == {"facts": []}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("no-such", "省名牌"), "没有编号为「no-such」的评分细则"),
        ((TOWNS,), "要么写 TEXT，要么写 --lines FILE"),
        ((TOWNS, "省名牌", "--lines", "x"), "要么写 TEXT，要么写 --lines FILE"),
        ((TOWNS, "--lines", "nowhere.txt"), "没有文件「nowhere.txt」"),
        ((TOWNS, "--lines", "."), "是一个文件夹"),
        ((TOWNS, "省名牌", "--at", "昨天"), "--at 要写成 2026-06-30 这样的日期"),
    ],
)
def test_a_wrong_call_is_said_in_a_sentence(args: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(KaopingError, match=sentence):
        match(*args)


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(KaopingError, match="不是 UTF-8 文本"):
        match(TOWNS, "--lines", "-", stdin=b"\xff\xfe\x00")
