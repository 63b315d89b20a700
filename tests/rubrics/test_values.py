"""What a person types to one open question: numbers in every notation, yes and no, tiers, states, refusals."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import loader
from rubrics.facts import parse_fact
from rubrics.model import Criterion
from rubrics.values import (
    Ambiguous,
    Done,
    Known,
    NeedsNumber,
    Number,
    Refused,
    State,
    Stated,
    parse_answer,
    parse_number,
)  # fmt: skip

RUBRIC = {
    "T": "xinbei-2011-towns",
    "D": "xinbei-2011-departments",
    "K": "xinbei-2011-tasks",
    "H": "hunan",
    "C": "changzhou",
}
EVERY = [criterion for ident in loader.rubric_ids() for criterion in loader.load(ident).criteria.values()]


def criterion(key: str) -> Criterion:
    letter, ident = key.split(":")
    return loader.load(RUBRIC[letter]).criteria[ident]


def number(text: str, unit: str = "") -> Number:
    read = parse_number(text, unit)
    assert isinstance(read, Number), (text, read)
    return read


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("95", "95", ""), ("95%", "95", "%"), ("９５％", "95", "%"), ("95.5％", "95.5", "%"), ("95 %", "95", "%"),
        ("九成五", "95", "%"), ("九成", "90", "%"), ("9.5成", "95", "%"), ("九成半", "95", "%"),
        ("百分之九十五", "95", "%"), ("百分之九十五点五", "95.5", "%"), ("百分之95", "95", "%"), ("百分之百", "100", "%"),
        ("百分之一", "1", "%"), ("千分之三", "3", "‰"), ("3‰", "3", "‰"), ("0.6‰", "0.6", "‰"), ("万分之五", "5", "‱"),
        ("两次", "2", "次"), ("二次", "2", "次"), ("俩", "2", ""), ("仨", "3", ""), ("三条", "3", "条"), ("十二", "12", ""),
        ("一百零五", "105", ""), ("一百二", "120", ""), ("一千二", "1200", ""), ("两万三", "23000", ""), ("2万3", "23000", ""),
        ("1.2亿", "120000000", ""), ("1.2万", "12000", ""), ("2w", "20000", ""), ("2.3万亩", "23000", "亩"),
        ("3千", "3000", ""), ("三千万", "30000000", ""), ("1,200", "1200", ""), ("１，２００", "1200", ""),
        ("〇", "0", ""), ("零", "0", ""), ("半", "0.5", ""), ("一个半", "1.5", "个"), ("一点五", "1.5", ""), ("3.5倍", "3.5", "倍"),
        ("95个百分点", "95", "个百分点"), ("100分", "100", "分"), ("-3%", "-3", "%"), ("负三", "-3", ""),
        ("壹佰贰拾", "120", ""), ("廿三", "23", ""), ("兩萬三", "23000", ""), ("一起", "1", "起"), ("3个月", "3", "个月"),
        ("2次，分别是3月和9月", "2", "次"), ("3、9月各一次", "1", "次"), ("三月、九月开会，共两次", "2", "次"),
        ("2011年6月23日印发，共3份", "3", "份"), ("两次，2次", "2", "次"),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_notation(text: str, value: str, unit: str) -> None:
    read = number(text)
    assert (read.value, read.unit, read.part, read.hedged) == (Decimal(value), unit, None, False)


@pytest.mark.parametrize(
    ("text", "part", "whole", "unit"),
    [
        ("6/7家", 6, 7, "家"), ("6 / 7 家", 6, 7, "家"), ("6家/7家", 6, 7, "家"), ("六分之五", 5, 6, ""), ("七分之六", 6, 7, ""),
        ("三分之一", 1, 3, ""), ("七家里有六家", 6, 7, "家"), ("7家中6家", 6, 7, "家"), ("共7家，其中合格6家", 6, 7, "家"),
        ("完成3个(共4个)?", 3, 4, "个"), ("任务6个做了4个", 4, 6, "个"), ("应完成4个，已完成3个", 3, 4, "个"),
        ("7/8家，87.5%", 7, 8, "家"), ("6/7，85.71%", 6, 7, ""), ("一半", 1, 2, ""), ("3/0", 3, 0, ""),
    ],
)  # fmt: skip
def test_a_part_of_a_whole_keeps_both(text: str, part: int, whole: int, unit: str) -> None:
    read = number(text)
    assert (read.part, read.whole, read.unit) == (part, whole, unit)
    assert read.fraction == (Fraction(part, whole) if whole else None)


@pytest.mark.parametrize(
    "text",
    [
        "", "满分", "2011年6月23日", "6月23日", "常新政办〔2011〕35号", "常新政办[2011]35号", "GB/T19580", "GB/T 19580-2012",
        "ISO9001", "二〇一一年六月", "2011.6.23", "2011-06-23", "三率都达标", "千万不要", "统一", "一般", "上半年", "第3次",
        "3·15", "12365热线", "十二五规划", "3C认证", "IMG_2031", "十分满意", "下午3点半",
    ],
)  # fmt: skip
def test_dates_document_numbers_and_words_are_not_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3到5个", ("3", "5个")), ("90-95%", ("90", "95%")), ("2次，30人", ("2次", "30人")), ("7/8家，80%", ("7/8家", "80%")),
        ("1 200", ("1", "200")), ("两三次", ("两三",)), ("十七八个", ("十七八",)), ("十几个", ("十几",)), ("2万35", ("2万35",)),
    ],
)  # fmt: skip
def test_several_or_open_numbers_are_listed_and_not_guessed(text: str, found: tuple[str, ...]) -> None:
    assert parse_number(text) == Ambiguous(found)


def test_the_only_number_in_the_unit_asked_for_is_taken_beside_numbers_of_another_kind() -> None:
    assert number("2次，30人参加", "次").value == 2
    read = parse_number("2次(3.18和9.6)", "次", whole=True)
    assert isinstance(read, Number)
    assert read.value == 2


@pytest.mark.parametrize(
    "text", ["大概95%", "95%左右", "差不多95%", "约95%", "应该95%", "95%吧", "95%以上", "记不清了，95%"]
)
def test_a_hedge_is_noticed(text: str) -> None:
    assert number(text)[:2] == (95, "%")
    assert number(text).hedged


@pytest.mark.parametrize("text", ["2.3万亩", "23000亩", "2.3万", "两万三千亩"])
def test_ten_thousands_go_into_the_unit_asked_for(text: str) -> None:
    assert number(text, "万亩")[:2] == (Decimal("2.3"), "万亩")


# --- yes, no, states --------------------------------------------------------------------------------------

YES = [
    "有",
    "有的",
    "是",
    "是的",
    "对",
    "嗯",
    "嗯嗯",
    "好的",
    "做了",
    "已经做了",
    "都完成了",
    "√",
    "✓",
    "y",
    "Yes",
    "ok",
    "没问题",
    "有。",
    "ＹＥＳ",
    "有，文件3月发的",
    "有3份",
    "落实了",
]
NO = [
    "没有",
    "没",
    "否",
    "不是",
    "没做",
    "没搞",
    "还没",
    "还没有",
    "没有做",
    "未开展",
    "没有发生",
    "n",
    "No",
    "×",
    "无",
    "没有。",
    "一次都没有",
    "沒有",
]


@pytest.mark.parametrize("text", YES)
def test_yes_in_many_forms(text: str) -> None:
    assert parse_answer(criterion("T:5.2"), text) == Known(fact=True, echo="有")
    assert parse_answer(criterion("D:1.2"), text) == Known(Decimal(0), "有")


@pytest.mark.parametrize("text", NO)
def test_no_is_false_for_a_duty_and_one_for_its_omission(text: str) -> None:
    assert parse_answer(criterion("T:5.2"), text) == Known(fact=False, echo="没有")
    assert parse_answer(criterion("D:1.2"), text) == Known(Decimal(1), "没有")


@pytest.mark.parametrize("text", ["没有", "没发生", "没发生过", "没出过", "否", "没这回事", "n", "没有发生"])
def test_no_is_good_news_where_something_could_have_happened(text: str) -> None:
    assert parse_answer(criterion("D:5.1"), text) == Known(fact=False, echo="没发生")
    assert parse_answer(criterion("T:6.3"), text) == Known(Decimal(0), "没发生")
    assert parse_answer(criterion("K:1.1"), text) == Known(fact=True, echo="没发生")


@pytest.mark.parametrize("text", ["有", "发生过", "是", "嗯", "出过"])
def test_an_event_that_happened_is_asked_how_often(text: str) -> None:
    assert parse_answer(criterion("D:5.1"), text) == Known(fact=True, echo="发生过")
    assert parse_answer(criterion("T:6.3"), text) == NeedsNumber("“抽检不合格”发生过几个？请填一个数")


@pytest.mark.parametrize(
    "text", ["不是没有", "有，不过后来取消了", "有，没盖章", "算了", "黄了", "质量强市", "95%", "3"]
)
def test_what_turns_round_or_says_something_else_is_asked_again(text: str) -> None:
    assert isinstance(parse_answer(criterion("T:5.2"), text), Refused)


@pytest.mark.parametrize("text", ["好的", "完成了", "没问题"])
def test_consent_never_admits_an_event(text: str) -> None:
    assert isinstance(parse_answer(criterion("D:5.1"), text), Refused)


def test_a_hedged_yes_is_marked() -> None:
    assert parse_answer(criterion("T:5.2"), "应该有吧") == Known(fact=True, echo="有（说得不肯定）", hedged=True)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("还没到时候", State.NOT_YET), ("没到时间，9月才开", State.NOT_YET), ("不清楚", State.UNKNOWN), ("不知道", State.UNKNOWN),
        ("本地没有", State.NOT_HERE), ("没这回事", State.NOT_HERE), ("不涉及", State.NOT_HERE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["T:5.2", "T:3.1", "T:10.2", "H:16.1", "H:3.1", "T:1.2"])
def test_honest_states_are_states_for_every_kind_of_question(key: str, text: str, state: State) -> None:
    assert parse_answer(criterion(key), text) == Stated(state, state.value)


# --- figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "fact", "echo"),
    [
        ("T:3.1", "九成五", "95", "95%"), ("T:3.1", "95", "95", "95%"), ("T:3.1", "3‰", "0.3", "3‰，即 0.3%"),
        ("T:3.1", "全部合格", "100", "100%"), ("T:3.1", "一半", "50", "1/2，50%"), ("T:3.1", "100%", "100", "100%"),
        ("T:8.2a", "99%", "99", "99%"), ("T:10.2", "四次", "4", "4 次"), ("T:10.2", "4", "4", "4 条"),
        ("T:10.2", "没有", "0", "0 条"), ("T:10.2", "一条都没报", "0", "0 条"), ("T:6.3", "2起", "2", "2 起"),
        ("T:6.3", "0", "0", "0 个"), ("D:4.2", "2项没完成", "2", "2 项"), ("D:4.2", "还差1项", "1", "1 项"),
        ("D:4.3", "缺席1次", "1", "1 次"), ("K:6.2", "2.3万亩", "2.3", "2.3 万亩"), ("K:6.2", "23000亩", "2.3", "2.3 万亩"),
        ("K:16.3a", "0.3起/万台", "0.3", "0.3 起/万台"), ("K:4.2", "-3%", "-3", "-3%"), ("C:19.1", "6/4", "150", "6/4，150%"),
        ("C:19.1", "120%", "120", "120%"), ("K:4.4", "30cm", "30", "30 厘米"), ("H:26.1", "十分", "10", "10 分"),
    ],
)  # fmt: skip
def test_a_figure_is_taken_in_the_unit_asked_for(key: str, text: str, fact: str, echo: str) -> None:
    parsed = parse_answer(criterion(key), text)
    assert isinstance(parsed, Known), parsed
    assert (parsed.fact, parsed.echo, parsed.hedged) == (Decimal(fact), echo, False)


def test_a_fraction_becomes_percent_and_keeps_its_parts() -> None:
    parsed = parse_answer(criterion("T:3.1"), "6/7家")
    assert isinstance(parsed, Known)
    assert isinstance(parsed.fact, Decimal)
    assert abs(Fraction(parsed.fact) - Fraction(600, 7)) < Fraction(1, 10**17)
    assert (parsed.number and parsed.number[2:4], parsed.echo) == ((6, 7), "6/7 家，85.71%")


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("T:3.1", "120%", "读到 120%，卓越绩效培训最多 100%，请填 0 到 100"),
        ("T:3.1", "-5%", "读到 -5%，卓越绩效培训最少 0%，请填 0 到 100"),
        ("T:3.1", "8/7", "读到 8/7，分子比分母大，卓越绩效培训最多 100%，请写成 完成数/总数，如 6/7"),
        ("T:3.1", "0/0", "读到 0/0，分母是 0，算不出比率；一个都没有就写“本地没有”"),
        ("T:3.1", "0.95", "读到 0.95，是 0.95% 还是 95%？请把 % 写上"),
        ("T:3.1", "95家", "读到 95家，这里问的是比率，请填 95% 或 6/7"),
        ("T:3.1", "不到95%", "“不到95%”只说了界限，请填实际的数，如 95% 或 6/7"),
        ("T:3.1", ">95%", "“>95%”只说了界限，请填实际的数，如 95% 或 6/7"),
        ("T:3.1", "{{ 7 * 7 }}", "“{{7*7}}”分不清是多少，请只写一个，如 95% 或 6/7"),
        ("T:3.1", "3+2", "“3+2”分不清是多少，请只写一个，如 95% 或 6/7"),
        ("T:3.1", "没到100%", "“没到100%”说的是没有的数，请填实有的数，如 95% 或 6/7"),
        ("T:3.1", "没有", "“没有”是 0、本地没有，还是还没到时候？请填 0，或者写“本地没有”“还没到时候”"),
        ("T:10.2", "95%", "读到 95%，信息上报问的是几条，请填 3条"),
        ("T:10.2", "4人", "读到 4人，信息上报问的是几条，请填 3条"),
        ("T:10.2", "3.5", "读到 3.5，信息上报要填整数，如 3条"),
        ("T:10.2", "4/5", "读到 4/5，信息上报只问一个数，请填 3条"),
        ("T:10.2", "3条，5条", "读到几个数（3条、5条），分不清是哪一个，请只写一个，如 3条"),
        ("T:10.2", "两三条", "“两三”分不清是多少，请只写一个，如 3条"),
        ("T:10.2", "100万", "读到 100万，信息上报最多 1000条，请填 0 到 1000"),
        ("T:6.3", "没有2个", "“没有2个”说的是没有的数，请填实有的数，如 3个"),
        ("H:26.1", "15", "读到 15，不在可选的分数里，请填 20、10、5 中的一个"),
        ("T:5.2", "。。", "没有读到内容，请回答 有 或 没有"),
        ("T:6.2", "92%", "“三率达标”要分项回答，请先答：许可证产品抽检平均合格率是多少？"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_was_read_why_not_and_what_to_type(key: str, text: str, said: str) -> None:
    assert parse_answer(criterion(key), text) == Refused(said)


@pytest.mark.parametrize("key", ["T:3.1", "T:10.2"])
def test_a_yes_to_a_figure_is_asked_how_much(key: str) -> None:
    assert isinstance(parse_answer(criterion(key), "有"), NeedsNumber)


def test_two_of_something_may_be_those_that_were_done_so_the_missing_ones_are_asked_for() -> None:
    assert isinstance(parse_answer(criterion("D:4.2"), "2项"), NeedsNumber)


@pytest.mark.parametrize(
    ("text", "met", "echo"),
    [
        ("两次", True, "2 次，是"),
        ("1次", False, "1 次，否"),
        ("开了两次，3月和9月", True, "2 次，是"),
        ("没开", False, "否"),
    ],
)
def test_a_yes_made_of_entries_takes_their_number(text: str, met: bool, echo: str) -> None:
    parsed = parse_answer(criterion("T:1.2"), text)
    assert isinstance(parsed, Known)
    assert (parsed.fact, parsed.echo) == (met, echo)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [("3/4", 3, 4), ("完成3个", 3, None), ("3", 3, None), ("完成3个(共4个)", 3, 4), ("任务4个完成了3个", 3, 4)],
)
def test_how_much_of_a_target_is_done_is_kept_as_said(text: str, part: int, whole: int | None) -> None:
    parsed = parse_answer(criterion("T:2.4"), text)
    assert isinstance(parsed, Done)
    assert (parsed.part, parsed.whole) == (part, whole)


def test_a_target_takes_yes_and_no_and_refuses_gaps_and_percents() -> None:
    target = criterion("T:2.4")
    assert parse_answer(target, "都完成了") == Known(fact=True, echo="是")
    assert parse_answer(target, "没完成") == Known(fact=False, echo="否")
    assert parse_answer(target, "还差1个") == Refused("读到“还差1个”，这里问已经完成的，请填 3/4 这样的数")
    assert parse_answer(target, "75%") == Refused("读到 75%，这里问完成了几只，请填 3/4 这样的数")


def test_a_measure_is_answered_by_its_own_unit_range_and_buttons() -> None:
    rates, duties = criterion("T:6.2"), criterion("T:6.5")
    assert parse_answer(rates, "九成二", rates.measures[0]) == Known(
        Decimal(92), "92%", number=Number(Decimal(92), "%", text="九成二")
    )
    assert isinstance(parse_answer(rates, "120%", rates.measures[0]), Refused)
    assert parse_answer(duties, "没有", duties.measures[0]) == Known(fact=False, echo="没有")
    assert parse_answer(duties, "没有", duties.measures[1]) == Known(fact=False, echo="没发生")


# --- tiers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "index"),
    [
        ("H:16.1", "1", 0), ("H:16.1", "第2档", 1), ("H:16.1", "选三", 2), ("H:16.1", "②", 1), ("H:16.1", "发文", 1),
        ("H:16.1", "没做", 2), ("H:1.1", "制定中", 1), ("H:1.1", "尚未着手", 2), ("H:15.1", "县长负责", 0),
        ("H:15.1", "副市长", 1), ("H:18.1", "未开展", 2), ("H:3.1", "0.6‰", 1), ("H:3.1", "0.06%", 1), ("H:3.1", "0.06", 3),
        ("H:3.1", "千分之一", 0), ("H:3.1", "1", 0), ("H:3.1", "达到1‰", 0), ("H:3.1", "第4档", 3), ("H:3.1", "没有", 3),
        ("H:3.1", "0.59‰", 2), ("H:25.2", "2张", 0), ("H:25.2", "1.99张", 1), ("H:25.2", "0", 2), ("H:25.2", "不足1张", 2),
    ],
)  # fmt: skip
def test_a_tier_is_found_by_place_label_or_measure(key: str, text: str, index: int) -> None:
    parsed = parse_answer(criterion(key), text)
    assert isinstance(parsed, Known), parsed
    assert parsed.fact == index


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("H:16.1", "4"),
        ("H:16.1", "动员部署"),
        ("H:15.1", "负责"),
        ("H:18.1", "开展质量奖"),
        ("H:1.1", "还没"),
        ("H:25.2", "2"),
    ],
)
def test_a_tier_that_could_be_another_is_asked_again(key: str, text: str) -> None:
    assert isinstance(parse_answer(criterion(key), text), Refused)


@pytest.mark.parametrize("asked", [c for c in EVERY if c.kind == "tiers"], ids=lambda c: c.id)
def test_every_tier_is_found_by_its_own_label_and_place(asked: Criterion) -> None:
    for place, tier in enumerate(asked.score.tiers):  # type: ignore[union-attr]
        for text in (tier.label, f"第{place + 1}档"):
            assert parse_answer(asked, text) == Known(Decimal(place), tier.label)


@pytest.mark.parametrize("asked", [c for c in EVERY if c.answer.buttons], ids=lambda c: c.id)
def test_every_button_is_found_by_its_own_label(asked: Criterion) -> None:
    for label, fact in asked.answer.buttons.items():
        parsed = parse_answer(asked, label)
        assert isinstance(parsed, NeedsNumber) if fact == "count" else parsed == Known(fact, label)


# --- what holds for anything ------------------------------------------------------------------------------


def written(value: int, *, two: str = "二", ten: str = "十") -> str:
    """A number in Chinese numerals: 10005 is 一万零五."""
    if value == 0:
        return "零"
    high, low = divmod(value, 10_000)
    text = (section(high, two) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + section(low, two)
    return ten + text[2:] if text.startswith("一十") else text


def section(value: int, two: str) -> str:
    digits = [int(char) for char in f"{value:04d}"]
    words = [
        ("零一二三四五六七八九"[d].replace("二", two) + unit) if d else "零"
        for d, unit in zip(digits, "千百十 ", strict=True)
    ]
    shown = [word for before, word in pairwise(["零", *words]) if not (word == before == "零")]
    return "".join(shown).rstrip("零").replace(" ", "")


@given(st.integers(0, 99_999_999), st.sampled_from("二两"), st.sampled_from(["十", "一十"]))
def test_every_integer_in_chinese_numerals_reads_back(value: int, two: str, ten: str) -> None:
    assert number(written(value, two=two, ten=ten)).value == value


@given(st.decimals(0, 10**9, places=3))
def test_a_decimal_is_read_exactly(value: Decimal) -> None:
    assert number(f"{value:f}%")[:2] == (value, "%")


SAID = st.sampled_from(
    [
        "95%",
        "6/7家",
        "2次，分别是3月和9月",
        "1,200",
        "九成五",
        "两万三",
        "没有",
        "有的",
        "还没到时候",
        "大概95%",
        "3到5个",
        "第2档",
        "GB/T19580",
    ]
)


@given(SAID, st.lists(st.integers(0, 30)), st.sampled_from([" ", "　", "\t", "\u200b"]), st.sampled_from(EVERY))
def test_full_width_and_spaces_never_change_the_result(
    text: str, places: list[int], space: str, asked: Criterion
) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    spaced = text
    for place in places:  # two figures or letters are never pulled apart: 1 2 is not 12
        if not (spaced[:place][-1:].isascii() and spaced[:place][-1:].isalnum() and spaced[place:][:1].isalnum()):
            spaced = spaced[:place] + space + spaced[place:]
    assert parse_number(wide) == parse_number(spaced) == parse_number(text)
    assert parse_answer(asked, wide) == parse_answer(asked, spaced) == parse_answer(asked, text)


PIECES = st.lists(
    st.sampled_from(
        [*"0123456789.,/%‰-零一二两三十百千万亿点半成分之年月日号次家没有未是共里第〔〕 ()GBx①²½٣", "大概", "百分之"]
    )
)


@given(st.one_of(st.text(max_size=60), PIECES.map("".join)), st.sampled_from(EVERY))
def test_garbage_never_raises_and_a_known_fact_always_fits(text: str, asked: Criterion) -> None:
    parse_number(text)
    parsed = parse_answer(asked, text)
    if isinstance(parsed, Known):
        assert parse_fact(asked, parsed.fact) == parsed.fact
    for measure in asked.measures:
        parse_answer(asked, text, measure)


@pytest.mark.parametrize(
    "piece", ["1", "1,", "九", "万", "1万", "6/", "百分之", "3月", "没", "都", "全部", "有", "[2011]", "a", " "]
)
def test_a_long_answer_is_read_in_no_time_and_10_mb_are_refused_at_once(piece: str) -> None:
    began = time.perf_counter()
    for asked in (criterion("T:5.2"), criterion("T:3.1"), criterion("H:3.1"), criterion("T:6.3")):
        parse_answer(asked, (piece * 200)[:200])
        parsed = parse_answer(asked, piece * (10_000_000 // len(piece)))
        assert isinstance(parsed, Refused)
        assert parsed.said.endswith(f"一次最多读 200 个，请只写“{asked.label}”的答案")
    assert parse_number(piece * (10_000_000 // len(piece))) is None
    assert time.perf_counter() - began < 1
