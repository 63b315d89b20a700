"""Clauses called by their bare name: the question opens, and a name is never taken for what was done."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, answered, facts

from channels import keys
from rubrics import loader
from rubrics.tasks import asked

TOWN = [c for clauses in asked(loader.load(TOWNS), "孟河镇", "镇").values() for c in clauses]
DEPARTMENTS = "xinbei-2011-departments"


@pytest.fixture
def huan(office: Office) -> Person:
    """环保局's liaison."""
    return office.person("huan", "liaison", "环保局")


def test_every_bare_name_opens_its_own_question_and_records_nothing(office: Office, chen: Person) -> None:
    named = [c for c in TOWN if c.label != "打假线索"]  # a command, which leads to a clue and to the question

    opened = {c.label: "\n".join(chen.send(words) for words in (c.label, f"《{c.label}》。")) for c in named}

    assert [label for label, said in opened.items() if said.count(f"【{label}】") < 2] == []
    assert answered(office) == {}


def test_the_name_of_the_clause_about_clues_leads_to_a_clue_and_to_its_question(office: Office, chen: Person) -> None:
    assert "线索只有您、考核办和核实的部门看得到" in chen.send("打假线索")
    assert "【打假线索】" in chen.press("填核实了几条")
    assert answered(office) == {}


@pytest.mark.parametrize("words", ["7.2", "第7.2条", "7.2 打假联络员", "打假联络员："])
def test_a_number_or_a_number_with_its_name_opens_the_question(office: Office, chen: Person, words: str) -> None:
    assert "【打假联络员】" in chen.send(words)
    assert "是" in chen.labels
    assert answered(office) == {}


def test_a_number_that_several_clauses_share_asks_which(chen: Person) -> None:
    assert "是哪一条" in chen.send("8.2")
    assert chen.labels == ["8.2a 使用登记率", "8.2b 定期检验率", "8.2c 持证上岗率"]

    assert "【定期检验率】" in chen.press("8.2b 定期检验率")


def test_an_alias_opens_the_question_and_is_kept_with_the_answer(office: Office, chen: Person) -> None:
    assert "听到“协管员”，还要问一句" in chen.send("协管员")
    assert answered(office) == {}

    chen.press("有")

    assert answered(office) == {"1.3": (True, "协管员（有）")}


@pytest.mark.parametrize("words", ["讲座培训，监管网络", "特设三同时、标准化试点"])
def test_several_names_side_by_side_ask_which_is_to_be_opened(office: Office, chen: Person, words: str) -> None:
    assert "是哪一条" in chen.send(words)
    assert len(chen.labels) == 2
    assert answered(office) == {}


def test_a_name_does_not_overwrite_what_was_answered(office: Office, huan: Person) -> None:
    huan.press_key(keys.pack("ask", 3, DEPARTMENTS, "1.1"))
    huan.send("有")
    huan.send("没有")
    before = facts(office, 3, DEPARTMENTS)
    huan.send("小组和班子")

    assert facts(office, 3, DEPARTMENTS) == before


def test_an_award_that_is_just_named_was_not_won(office: Office, huan: Person) -> None:
    assert "还要问一句" in huan.send("省质量奖")
    assert facts(office, 3, DEPARTMENTS) == {}

    huan.send("拿了省质量奖")

    assert facts(office, 3, DEPARTMENTS) == {"6.1c": Decimal(1)}


def test_a_name_is_no_answer_to_another_question(office: Office, chen: Person) -> None:
    chen.send("质量专题会")

    assert "【讲座培训】今年有没有" in chen.send("讲座培训")
    assert answered(office) == {}


def test_an_answer_that_looks_like_a_number_of_a_clause_stays_an_answer(office: Office, chen: Person) -> None:
    chen.send("分类分级台帐")
    chen.send("9.2")

    assert "分类分级检查" not in chen.rows()[-1]["text"]


def test_the_name_of_an_item_opens_the_item(chen: Person) -> None:
    chen.send("清单")

    assert "要填或者要改哪一条" in chen.send("组织领导")
    assert "专人负责" in chen.labels


def test_a_figure_behind_a_name_is_of_the_own_clause(office: Office, chen: Person) -> None:
    assert "说的是哪一条" not in chen.send("使用登记率 100%")
    assert facts(office) == {"8.2a": Decimal(100)}


@pytest.mark.parametrize("words", ["登记率只有98.5%", "设备使用登记 98.5%"])
def test_rows_of_other_units_are_no_choice_where_an_own_clause_explains_the_words(chen: Person, words: str) -> None:
    said = chen.send(words)

    assert said.count("使用登记率：98.5%") <= 1
    assert chen.labels.count("使用登记率") <= 1
    assert "质监分局" not in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("使用登记率 -5%", "最少 0%"),
        ("使用登记率 7/6", "分子比分母大"),
        ("使用登记率：120%", "最多 100%"),
        ("8.2a 120%", "最多 100%"),
        ("特设三同时 120%", "请回答 是 或 否"),
    ],
)  # fmt: skip
def test_an_impossible_figure_is_refused_with_its_reason(office: Office, chen: Person, words: str, why: str) -> None:
    assert why in chen.send(words)
    assert answered(office) == {}


@pytest.mark.parametrize("words", ["登记率只有-5%", "使用登记这块7/6", "特设三同时做了120%"])
def test_an_impossible_figure_in_a_sentence_is_not_turned_into_a_possible_one(
    office: Office, chen: Person, words: str
) -> None:
    chen.send(words)
    if "确认" in chen.labels:
        chen.press("确认")

    assert answered(office) == {}


@pytest.mark.parametrize("words", ["3", "3次"])
def test_a_count_answers_a_yes_or_no_question_that_needs_one(office: Office, chen: Person, words: str) -> None:
    chen.send("质量专题会")
    assert "也可以直接打数，如 3次" in chen.send("好多好多")

    chen.send(words)

    assert facts(office) == {"1.2": True}


@pytest.mark.parametrize(
    ("words", "said"),
    [("同去年", "查不到去年的答案"), ("和去年一样", "查不到去年的答案"), ("同意", "没有“同意”这个按钮")],
)
def test_a_buttons_word_without_the_button_says_so(office: Office, chen: Person, words: str, said: str) -> None:
    chen.send("质量专题会")

    assert said in chen.send(words)
    chen.send("是")
    assert facts(office) == {"1.2": True}


@pytest.mark.parametrize("words", ["特设分类检查", "特设 分类检查", "分级检查"])
def test_pieces_of_names_alone_open_the_question_too(office: Office, chen: Person, words: str) -> None:
    assert "【分类分级检查】" in chen.send(words)
    assert "记下了" not in chen.rows()[-1]["text"]
    assert answered(office) == {}


def test_a_name_with_what_was_done_is_still_written_down(office: Office, chen: Person) -> None:
    chen.send("特设分类检查做了")

    assert facts(office) == {"9.1": True}
