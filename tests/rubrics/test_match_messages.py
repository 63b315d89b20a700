"""Messages as liaisons write them: the clause, the value, and what is done about it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from rubrics import loader
from rubrics.matching import Match, Matcher
from rubrics.matching.spelling import LONGEST_MESSAGE

FRESH = Path(__file__).parents[2] / "bench" / "fresh_messages.jsonl"
TOWNS, DEPARTMENTS = "xinbei-2011-towns", "xinbei-2011-departments"


@cache
def matcher(rubric: str) -> Matcher:
    return Matcher(loader.load(rubric))


def facts(text: str, rubric: str = TOWNS) -> tuple[Match, ...]:
    return matcher(rubric).match(text, date(2026, 6, 30))


def found(text: str, rubric: str = TOWNS) -> dict[str, object]:
    return {fact.criterion: fact.value for fact in facts(text, rubric)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上月质量例会开了，加上三月那次一共两回", {"1.2": True}),
        ("打假联络员名单", {"7.2": None}),
        ("特设台账6月.xls", {"9.2": None}),
        ("转：省名牌新增一只", {"2.5a": Decimal(1)}),
        ("质量专题会刚才说错了，是三次不是一次", {"1.2": True}),
        ("信息报了5条，哦不对，6条", {"10.2": Decimal(6)}),
    ],
)
def test_a_message_finds_its_clause_and_value(text: str, expected: dict[str, object]) -> None:
    assert found(text) == expected


def test_several_facts_of_one_message_are_told_apart_without_punctuation() -> None:
    assert found("质量会两次 信息报4条 打假线索查实1条") == {"1.2": True, "10.2": 4, "7.3": 1}


def test_a_heading_counts_for_all_that_follows() -> None:
    assert found("特种设备：登记100%，定检98.5%，持证97%") == {"8.2a": 100, "8.2b": Decimal("98.5"), "8.2c": 97}


def test_members_of_a_list_share_what_is_said_after_the_last() -> None:
    assert found("鲁班奖、詹天佑奖、大禹奖都没拿到", "changzhou") == {"26.1": 0, "26.2": 0, "26.3": 0}


def test_typed_pinyin_is_read() -> None:
    assert found("zhiliang xinxi baole 4 tiao") == {"10.2": 4}


def test_a_homophone_slip_is_mended() -> None:
    assert found("彩标任务完成了") == {"4.2": True}


def test_one_wrong_character_in_a_long_word_is_mended() -> None:
    assert [fact.criterion for fact in facts("卓越绩郊培训率95%")] == ["3.1"]


def test_a_word_of_its_own_is_no_slip() -> None:
    assert facts("昨天路口有人打架") == ()


def test_an_event_that_did_not_happen_is_good_news_for_a_deduction() -> None:
    assert found("今年特种设备没有发生事故") == {"9.3a": 0}


def test_something_left_undone_is_a_deduction_of_omission() -> None:
    assert found("今年质量工作计划我们没做", DEPARTMENTS) == {"2.1": 1}


@pytest.mark.parametrize(
    "text",
    [
        "早上好", "收到，谢谢", "名牌申报截止到哪天", "招商信息报了4条", "消防隐患整改率100%", "禁毒讲座办了2场",
        "食堂质量太差了", "村级财务台账6月.xls", "质量信用评价材料怎么填", "照片传不上去",
    ],
)  # fmt: skip
def test_talk_about_something_else_finds_nothing(text: str) -> None:
    assert facts(text) == ()


def test_a_hedge_is_asked_about() -> None:
    (fact,) = facts("省名牌好像新增了1只")

    assert (fact.criterion, fact.decision) == ("2.5a", "ask")


def test_a_caption_is_asked_about_and_states_no_value() -> None:
    (fact,) = facts("IMG_2031.jpg 电子秤计量检查")

    assert (fact.criterion, fact.value, fact.decision) == ("5.2", None, "ask")


def test_candidates_are_best_first_and_begin_with_the_criterion() -> None:
    (fact,) = facts("新评上质量奖一家")

    assert fact.candidates[0] == fact.criterion
    assert set(fact.candidates) >= {"3.3a", "3.3b"}


def test_a_plan_for_a_month_to_come_states_no_value() -> None:
    assert found("质量讲座准备10月办1场") == {"10.1": None}


def test_a_learnt_alias_is_followed() -> None:
    assert facts("小黄本又交了一本") == ()

    (fact,) = Matcher(loader.load(TOWNS), {"小黄本": "9.2"}).match("小黄本又交了一本")

    assert fact.criterion == "9.2"


def test_a_learnt_alias_of_a_clause_that_is_gone_is_ignored() -> None:
    assert Matcher(loader.load(TOWNS), {"小黄本": "99.9"}).match("小黄本又交了一本") == ()


def test_a_text_longer_than_any_message_is_not_read() -> None:
    assert facts("省名牌新增一只" + "。" * LONGEST_MESSAGE) == ()
    assert facts("质" * 10_000_000) == ()


@pytest.mark.parametrize("text", ["", " \n\t", "。。。", "🙂", "\x00", "？"])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert facts(text) == ()


def test_building_the_index_imports_neither_pinyin_nor_the_converter() -> None:
    code = (
        "import sys; from rubrics import loader; from rubrics.matching import Matcher;"
        "Matcher(loader.load('hunan')).match('质量月通知'); print({'pypinyin', 'opencc'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=Path(__file__).parents[2], check=True)

    assert done.stdout.strip() == b"set()"


def test_the_fresh_messages_stay_well_found() -> None:
    rows = [json.loads(line) for line in FRESH.read_text(encoding="utf-8").splitlines()]
    inside = [row for row in rows if row["gold"]]

    right = [
        row for row in inside if (said := facts(row["text"], row["rubric"])) and [said[0].criterion] in row["gold"]
    ]
    asked = [row for row in rows if not row["gold"] and facts(row["text"], row["rubric"])]

    assert len(right) >= 0.95 * len(inside)
    assert asked == []
