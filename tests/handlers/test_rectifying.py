"""整改 and 结果运用: lists begin after the notice, liaisons plan, prove and report, the office strikes off."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from talk import ZONE, Office, Person
from year_end import TOWNS, do, person_id, reviewed, set_phase

from channels import keys
from handlers.sending import weekly
from handlers.texts import renderer
from storage import answers, rectifications, result_steps, snapshots

LABEL = TOWNS.criteria["1.2"].label


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def noticed(office: Office, chen: Person, wang: Person) -> Office:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.send("有")
    reviewed(office, "wang", "pass", "1.1")
    set_phase(office, "自评", date(2026, 12, 1), date(2026, 12, 15))
    set_phase(office, "通报", date(2027, 1, 31), date(2027, 1, 31))
    office.now = datetime(2027, 2, 1, 10, tzinfo=ZONE)
    return office


@pytest.fixture
def begun(noticed: Office, wang: Person) -> Office:
    wang.send("整改")
    wang.press("开始整改")
    wang.press("仍要开始")
    return noticed


def line(office: Office, ident: str = "1.2") -> rectifications.Rectification:
    found = do(office, rectifications.lines_in, 1, 1)
    return next(one for one in found if (one.rubric_id, one.criterion_id) == (TOWNS.id, ident))


def open_line(chen: Person, office: Office) -> str:
    return chen.press_key(keys.pack("rectify", 1, line(office).id))


def report(chen: Person, office: Office) -> str:
    open_line(chen, office)
    chen.send("补开例会并留纪要，王主任，2月20日")
    chen.send_file("补开例会纪要.pdf")
    return chen.press("报完成")


def test_each_unit_gets_its_list_due_a_month_after_the_notice(noticed: Office, chen: Person, wang: Person) -> None:
    wang.send("整改")
    assert "整改到 2027年2月28日" in wang.press("开始整改")
    assert "已给" in wang.press("仍要开始")

    said = chen.rows()[-1]["text"]
    assert said.startswith("孟河镇 整改清单，2月28日 前完成")
    assert LABEL in said
    assert TOWNS.criteria["1.1"].label not in said.split("：", 1)[1].split("\n")[0]


def test_before_a_notice_is_dated_it_cannot_begin(office: Office, wang: Person) -> None:
    wang.send("整改")

    assert "还没有定通报的日期" in wang.press("开始整改")


def test_a_line_is_planned_in_one_message_proved_and_reported(begun: Office, chen: Person) -> None:
    assert "请一行写完" in open_line(chen, begun)
    said = chen.send("补开例会并留纪要，王主任，2月20日")
    assert "责任人：王主任" in said
    assert "2027年2月20日" in said
    assert "整改材料 1 份" in chen.send_file("补开例会纪要.pdf")

    assert "已报完成" in chen.press("报完成")
    assert line(begun).state == "reported"


def test_what_is_missing_in_the_message_is_named(begun: Office, chen: Person) -> None:
    open_line(chen, begun)

    assert "责任人" in chen.send("补开例会并留纪要")
    assert "完成日期" in chen.send("补开例会，王主任")
    assert "2月28日 前完成" in chen.send("补开例会，王主任，2027年3月5日")
    assert "责任人：王主任" in chen.send("补开例会，王主任，2月25日前")


@pytest.mark.parametrize("by_when", ["2月25日前完成", "2月25日之前整改到位", "2月25日前"])
def test_until_when_is_nobody_s_name(begun: Office, chen: Person, by_when: str) -> None:
    open_line(chen, begun)

    said = chen.send(f"加强监管，{by_when}")
    assert said.startswith("还缺责任人")
    assert "责任人：王主任" in chen.send(f"加强监管，{by_when}，王主任")


def test_a_line_names_its_clause_once(begun: Office, chen: Person) -> None:
    said = chen.rows()[-1]["text"]

    assert [row.count(LABEL) for row in said.splitlines() if row.startswith(f"· {LABEL} ")] == [1]


def test_the_office_looks_and_strikes_it_off(begun: Office, chen: Person, wang: Person) -> None:
    report(chen, begun)
    wang.send("整改")
    wang.press("孟河镇")
    said = wang.press(LABEL[:10])
    assert "补开例会并留纪要" in said
    assert "补开例会纪要.pdf" in said

    assert "已销号" in wang.press("销号")
    assert line(begun).state == "closed"


def test_sent_back_the_unit_reads_why_and_can_mend_it(begun: Office, chen: Person, wang: Person) -> None:
    report(chen, begun)
    wang.press_key(keys.pack("rectify-look", line(begun).id))
    wang.press("退回")
    wang.send("纪要没有签字")

    assert "纪要没有签字" in chen.rows()[-1]["text"]
    chen.press("去补")
    chen.send_file("签字的纪要.pdf")
    assert "已报完成" in chen.press("报完成")


@pytest.mark.parametrize("verb", ["rectify-look", "rectify-close", "rectify-back", "rectify-begin"])
def test_only_the_office_decides_and_nobody_for_the_own_unit(begun: Office, chen: Person, verb: str) -> None:
    report(chen, begun)
    key = keys.pack(verb, line(begun).id, version=1)
    both = begun.person("both", "office")
    both.start(begun.invite("liaison", "孟河镇"))
    people = [
        chen,
        begun.person("zhou", "leader"),
        begun.person("li", "liaison", "西夏墅镇"),
        Person(begun, "stranger"),
    ]

    for person in (*people, both) if verb != "rectify-begin" else people:
        person.press_key(key)
        person.send("不行不行")
    assert line(begun).state == "reported"


def test_a_liaison_reaches_only_lines_of_the_own_unit(begun: Office) -> None:
    other = begun.person("li", "liaison", "西夏墅镇")
    own = line(begun).id

    for key in (keys.pack("rectify", 1, own), keys.pack("rectify", 2, own), keys.pack("rectify-done", 2, own)):
        assert "没有改动任何东西" in other.press_key(key)
    assert "没有改动任何东西" in other.press_key(keys.pack("rectify-list", 1))


def test_steps_of_the_result_are_proposed_added_and_ticked_off(noticed: Office, wang: Person) -> None:
    wang.send("年终工作")
    assert "按规定还应有" in wang.press("结果运用")
    wang.press("加上规定的")
    wang.press("加一项")
    assert "约谈（孟河镇），2027年3月20日 前" in wang.send("约谈 孟河镇 3月20日")

    wang.press("2 约谈")
    wang.press("办完")

    steps = do(noticed, result_steps.of_campaign_in, 1)
    assert {step.name for step in steps} == {"约谈", *(result.name for result in TOWNS.results)}
    assert [step.name for step in steps if step.done_on] == ["约谈"]


def test_a_step_is_undone_and_taken_off(noticed: Office, wang: Person) -> None:
    wang.press_key(keys.pack("result-add"))
    wang.send("约谈 孟河镇 3月20日")
    (step,) = do(noticed, result_steps.of_campaign_in, 1)
    wang.press_key(keys.pack("result-done", step.id))
    wang.press("1 约谈")
    wang.press("没办")
    assert do(noticed, result_steps.find_in, 1, step.id).done_on is None

    wang.press("1 约谈")
    wang.press("拿掉")
    assert do(noticed, result_steps.of_campaign_in, 1) == []
    assert "没有这一步" in wang.press_key(keys.pack("result-done", step.id))


def test_the_notice_itself_is_due_on_its_day_and_any_step_gets_one(noticed: Office, wang: Person) -> None:
    wang.send("结果运用")
    wang.press("加上规定的")
    days = {step.name: step.due_on for step in do(noticed, result_steps.of_campaign_in, 1)}
    assert days["向全区通报"] == date(2027, 1, 31)
    assert days["表彰奖励成绩突出的单位"] is None

    wang.press(next(label for label in wang.labels if "表彰" in label))
    assert wang.labels == ["办完", "定日子", "拿掉", "返回"]
    wang.press("定日子")
    assert "没看出是哪一天" in wang.send("过几天吧")
    assert "表彰奖励成绩突出的单位，2027年3月20日 前" in wang.send("3月20日")
    wang.press(next(label for label in wang.labels if "表彰" in label))
    wang.press("改日子")
    wang.send("2月10日")

    days = {step.name: step.due_on for step in do(noticed, result_steps.of_campaign_in, 1)}
    assert days["表彰奖励成绩突出的单位"] == date(2027, 2, 10)


@pytest.mark.parametrize("verb", ["results-add", "result-add", "result-done", "result-drop", "result", "result-due"])
def test_others_do_not_touch_the_checklist(noticed: Office, chen: Person, wang: Person, verb: str) -> None:
    wang.press_key(keys.pack("result-add"))
    wang.send("约谈 孟河镇 3月20日")
    before = do(noticed, result_steps.of_campaign_in, 1)

    for person in (chen, noticed.person("zhou", "leader"), Person(noticed, "stranger")):
        person.press_key(keys.pack(verb, before[0].id))
        person.send("表扬 孟河镇")
    assert do(noticed, result_steps.of_campaign_in, 1) == before


def test_the_office_s_week_names_steps_that_are_due_and_units_that_are_late(begun: Office, wang: Person) -> None:
    wang.press_key(keys.pack("result-add"))
    wang.send("约谈 孟河镇 3月10日")
    at = datetime(2027, 3, 1, 10, tzinfo=ZONE)
    about = (at, ZONE, begun.campaign, renderer(ZONE))

    said = do(begun, weekly.text_in, *about).text

    assert "结果运用：约谈（孟河镇） 3月10日" in said
    assert "整改到期还没报的" in said
    assert "孟河镇" in next(line for line in said.splitlines() if line.startswith("整改到期"))


def test_the_office_hears_of_the_first_reported_line_and_today_counts_them(
    begun: Office, chen: Person, wang: Person
) -> None:
    report(chen, begun)

    assert wang.rows()[-1]["text"].startswith("孟河镇 报了整改完成，等销号 1 条，还有")
    assert wang.labels == ["看整改"]
    assert "整改等销号 1 条" in wang.send("今天")
    assert "看整改" in wang.labels
    assert "孟河镇 共" in wang.press("看整改")


def test_a_second_line_that_waits_is_not_told_again(begun: Office, chen: Person, wang: Person) -> None:
    report(chen, begun)
    before = len(wang.rows())
    chen.press_key(keys.pack("rectify", 1, line(begun, "1.3").id))
    chen.send("补发文件，王主任，2月20日")
    chen.send_file("文件.pdf")

    assert "还有" in chen.press("报完成")
    assert len(wang.rows()) == before
    assert "整改等销号 2 条" in wang.send("今天")


def test_today_names_what_is_late_after_the_notice(begun: Office, wang: Person) -> None:
    wang.press_key(keys.pack("result-add"))
    wang.send("约谈 孟河镇 2月10日")
    assert "约谈" not in wang.send("今天")
    begun.now = datetime(2027, 3, 2, 10, tzinfo=ZONE)
    late = do(begun, rectifications.lines_in, 1)

    said = wang.send("今天")

    assert f"整改过期 {len(late)} 条（{len({one.unit for one in late})} 个单位）" in said
    assert "结果运用到期 1 项" in said
    assert "没有等着办的事" not in said
    assert wang.labels[-2:] == ["看整改", "结果运用"]


def test_once_approved_nobody_is_called_silent(noticed: Office, wang: Person) -> None:
    noticed.now = datetime(2027, 6, 1, 10, tzinfo=ZONE)
    assert "30 天没有动静" in wang.send("今天")
    do(noticed, snapshots.take_in, noticed.now, 1, 1, "2026", final=True)

    assert "没有动静" not in wang.send("今天")


def test_before_approval_it_is_said_and_afterwards_the_rest_is_added(
    noticed: Office, chen: Person, wang: Person
) -> None:
    do(noticed, answers.record_in, noticed.now, person_id(noticed, "chen"), 1, TOWNS, "1.3", True)
    wang.send("整改")
    asked = wang.press("开始整改")
    assert "得分还没有审定，还有" in asked
    assert wang.labels == ["审定快照", "仍要开始", "取消"]
    wang.press("仍要开始")
    assert "1.3" not in listed(noticed)
    assert "补列清单" not in wang.send("整改")
    do(noticed, snapshots.take_in, noticed.now, 1, 1, "2026", final=True)

    assert "请点“补列清单”" in wang.send("整改")
    assert "还没有审定" not in wang.press("补列清单")
    wang.press("确认")
    assert "1.3" in listed(noticed)
    assert rectifications.UNREVIEWED in chen.rows()[-1]["text"]
    assert "请点“补列清单”" not in wang.send("整改")


def listed(office: Office) -> set[str]:
    return {one.criterion_id for one in do(office, rectifications.lines_in, 1, 1) if one.rubric_id == TOWNS.id}


def test_a_draft_of_the_notice_says_that_nothing_was_approved(noticed: Office, wang: Person) -> None:
    assert "得分还没有审定，还有" in wang.send("通报稿")
    do(noticed, snapshots.take_in, noticed.now, 1, 1, "2026", final=True)

    assert "还没有审定" not in wang.send("通报稿")


def test_what_is_missing_is_named_without_a_stray_blank(begun: Office, chen: Person) -> None:
    open_line(chen, begun)

    assert "还缺完成日期，请一行写完" in chen.send("补开例会，王主任")
    assert "还缺责任人、完成日期，请一行写完" in chen.send("补开例会")
    assert "还缺责任人，请一行写完" in chen.send("补交四条，确保到位，2月20日")
    assert "责任人：确保到位" not in open_line(chen, begun)
