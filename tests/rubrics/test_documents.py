"""What documents of offices say about themselves: title, 文号 and day, or nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.dates import Day
from rubrics.documents import LONGEST_TITLE, Document, read_document

TODAY = Day(2026, 11, 21)
NOTICE = """常州市新北区人民政府办公室文件
常新政办〔2026〕35 号        签发人：张三
────────────
关于印发2026年新北区质量振兴工作

实施意见的通知
各镇人民政府、街道办事处，区各委办局：
根据《质量发展意见》（常政办发〔2025〕12号），请于2026年12月31日前完成。
附件：1．实施意见
常州市新北区人民政府办公室
2026 年 3 月 14 日
附件1
2026年新北区质量振兴工作实施意见
2026年5月1日
常州市新北区人民政府办公室 2026年3月15日印发
"""
MINUTES = """孟河镇质量工作例会
会 议 纪 要
第3期
2026年3月14日上午，副镇长主持召开质量工作例会。会议要求2026年4月1日前整改到位。
2026年3月20日
"""


def day_of(text: str, **words: bool) -> Day | None:
    return read_document(text, TODAY, **words).day


def test_a_notice_tells_title_number_and_the_day_it_is_signed_with() -> None:
    title = "关于印发2026年新北区质量振兴工作实施意见的通知"

    assert read_document(NOTICE, TODAY) == Document(title, "常新政办〔2026〕35号", Day(2026, 3, 14))


def test_minutes_are_about_the_day_of_the_meeting_not_of_the_paper() -> None:
    assert read_document(MINUTES, TODAY) == Document("孟河镇质量工作例会会议纪要", "", Day(2026, 3, 14))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("质量工作例会签到表\n会议时间：2026.3.14 14:00\t地点：三楼\n姓名\t单位", Document("质量工作例会签到表", "", Day(2026, 3, 14))),
        ("签到表\n会议名称\t质量月动员会\n会议时间\t9月3日", Document("质量月动员会", "", Day(2026, 9, 3))),
        ("荣誉证书\n证书编号：JSQ-2026-118\n某公司：\n二O二六年六月三十日", Document("荣誉证书", "JSQ-2026-118", Day(2026, 6, 30))),
        ("特种设备台账\n序号\t名称\t日期\n1\t电梯\t2026-06-30\n2\t锅炉\t2026-07-02", Document("特种设备台账", "", Day(2026, 7, 2))),
        ("孟河镇2026年打假工作总结\n今年以来，我镇出动执法人员。\n孟河镇人民政府  2026年11月3日", Document("孟河镇2026年打假工作总结", "", Day(2026, 11, 3))),
        ("关于召开质量大会的通知\n各村：\n一、会议时间：2026年12月3日（星期四）\n2026年11月20日", Document("关于召开质量大会的通知", "", Day(2026, 12, 3))),
        ("2026年第5号\n关于抽查结果的公告", Document("关于抽查结果的公告", "2026年第5号", None)),
        ("just a few words", Document()),
        ("", Document()),
    ],
)  # fmt: skip
def test_papers_of_daily_life(text: str, expected: Document) -> None:
    assert read_document(text, TODAY) == expected


@pytest.mark.parametrize(
    "written", ["常新政办[2026]35号", "常新政办【2026】第35号", "常新政办（2026）35号", "常新政办 〔 2026 〕 35 号"]
)
def test_a_number_is_told_in_one_notation(written: str) -> None:
    assert read_document(f"{written}\n关于质量的通知", TODAY).number == "常新政办〔2026〕35号"


@pytest.mark.parametrize(
    "text", ["根据常政办发〔2025〕12号文件精神，开展工作。", "转发《通知》（常政办发〔2025〕12号）"]
)
def test_a_number_that_is_only_cited_is_not_the_own(text: str) -> None:
    assert read_document(text, TODAY).number == ""


@pytest.mark.parametrize(
    "noise",
    ["000123", "机密★1年", "特急", "签发人：张三", "第3期", "Sheet1", "孟河镇人民政府文件", "— 1 —", "2026年3月14日"],
)
def test_what_stands_above_a_title_is_none(noise: str) -> None:
    assert read_document(f"{noise}\n关于质量的通知", TODAY).title == "关于质量的通知"


def test_a_sentence_is_no_title() -> None:
    assert read_document("我镇今年开了两次会，效果很好。", TODAY).title == ""


@pytest.mark.parametrize(
    "written",
    ["2026年3月14日", "二〇二六年三月十四日", "二○二六年三月十四日", "二0二六年三月十四日", "2026 年 3 月 14 日"],
)
def test_a_signature_is_read_in_every_notation(written: str) -> None:
    assert day_of(f"工作总结\n孟河镇人民政府\n{written}") == Day(2026, 3, 14)


@pytest.mark.parametrize(
    "said", ["2026年12月1日完成", "请于2026年3月1日前报送", "从2026年3月1日起执行", "昨天检查", "完成3/14"]
)
def test_days_to_come_days_due_and_vague_days_are_not_the_documents_own(said: str) -> None:
    assert day_of(said) is None


def test_a_signature_of_tomorrow_is_not_believed() -> None:
    assert day_of("孟河镇人民政府\n2026年11月21日") == TODAY
    assert day_of("孟河镇人民政府\n2026年11月22日") is None


def test_a_label_of_a_deadline_is_not_that_of_a_meeting() -> None:
    assert day_of("报名截止时间：2026年3月1日\n孟河镇人民政府\n2026年2月1日") == Day(2026, 2, 1)


def test_a_day_without_a_year_takes_that_of_the_document() -> None:
    assert day_of("常新质〔2025〕3号\n关于会议的通知\n会议时间：3月14日") == Day(2025, 3, 14)
    assert day_of("会议时间：3月14日") == Day(2026, 3, 14)


def test_the_last_day_of_a_mere_beginning_means_nothing() -> None:
    text = "台账\n1\t电梯\t2026-06-30"

    assert day_of(text) == Day(2026, 6, 30)
    assert day_of(text, cut=True) is None


@given(st.text(alphabet="年月日号〔〕2026一二三：:\n\t 　附件时间关于通知常办第签发人文", max_size=200))
def test_whatever_is_written_is_read_without_an_error(text: str) -> None:
    found = read_document(text, TODAY)

    assert len(found.title) <= LONGEST_TITLE
    assert "\n" not in found.title + found.number
    assert found.day is None or found.day.month in range(1, 13)


@pytest.mark.parametrize("run", [" ", "\u3000", "\n", "\t", "年 ", "月", "1", "会议时间：", "〔2026〕", "2026年"])
def test_long_runs_take_no_more_than_their_length(run: str) -> None:
    """Blanks once took the square of their number: 20,000 of them kept everybody waiting for half a minute."""
    start = time.process_time()

    read_document("年" + run * (20_000 // len(run)) + "月", TODAY)

    assert time.process_time() - start < 2
