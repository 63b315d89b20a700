"""报送信息: one or several messages, a receipt that is the proof, what it counts for, and the office's desk for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from talk import Office, Person
from year_end import lock

from rubrics import loader
from storage import answers, campaigns, editions, evidence, information, unit_facts
from storage.roster import RosterUnit
from storage.unit_facts import UnitFacts

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
TASKS = loader.load("xinbei-2011-tasks")


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def hu(office: Office) -> Person:
    """环保局's liaison."""
    return office.person("hu", "liaison", "环保局")


def facts(office: Office, unit_id: int, rubric: Any) -> UnitFacts:
    return office.run(unit_facts.read(office.database, unit_id, rubric))


def reports(office: Office, unit_id: int = 1) -> list[information.Report]:
    async def read() -> list[information.Report]:
        async with office.database.read() as connection:
            return await information.of_unit_in(connection, unit_id)

    return office.run(read())


def report(person: Person, words: str) -> str:
    person.send(f"报送信息 {words}")
    return person.press("报送")


def test_a_report_in_one_message_is_proof_and_counts_everywhere(office: Office, chen: Person) -> None:
    assert "《孟河镇开展质量月活动》" in chen.send("报送信息 孟河镇开展质量月活动\n9月1日起全镇行动。")

    said = chen.press("报送")

    assert "回执 信息2026-0001" in said
    town, tasks = facts(office, 1, TOWNS), facts(office, 1, TASKS)
    assert (town.own["10.2"], town.proven["10.2"]) == (1, 1)
    assert (tasks.own["19.2"], tasks.proven["19.2"]) == (True, True)


def test_a_report_in_several_messages_with_a_file_is_one_report(office: Office, chen: Person) -> None:
    assert "第一行写标题" in chen.send("/report")
    chen.send("汽摩配件行业质量提升")
    chen.send("日期 3月5日")
    chen.send("全行业三十家企业参加。")
    assert "文件 1 个：简报.pdf" in chen.send_file("简报.pdf")

    chen.press("报送")

    (one,) = reports(office)
    assert (one.title, one.text, one.reported_on.isoformat()) == (
        "汽摩配件行业质量提升",
        "全行业三十家企业参加。",
        "2026-03-05",
    )
    assert one.received_on.isoformat() == "2026-11-21"
    assert len(one.evidence) == 2


def test_four_reports_make_the_clause_full(office: Office, chen: Person) -> None:
    for number in range(4):
        said = report(chen, f"信息之{number}")

    assert "今年第 4 条" in said
    assert facts(office, 1, TOWNS).proven["10.2"] == 4


def test_the_same_title_is_noticed_and_another_one_of_that_name_can_be_reported(office: Office, chen: Person) -> None:
    report(chen, "质量月简报")
    assert "同一个标题已经报过" in report(chen, "质量月  简报")
    assert "仍要报送" not in chen.labels

    office.now += timedelta(days=1)
    report(chen, "质量月简报")
    assert "回执 信息2026-0002" in chen.press("仍要报送")
    assert facts(office, 1, TOWNS).own["10.2"] == 2


def test_the_same_file_is_noticed(office: Office, chen: Person) -> None:
    report_with_file(chen, "第一条")

    assert "这个文件已经报过：信息2026-0001《第一条》" in report_with_file(chen, "第二条")
    assert len(reports(office)) == 1


def report_with_file(person: Person, title: str) -> str:
    person.send(f"报送信息 {title}")
    person.send_file("简报.pdf")
    return person.press("报送")


def test_pressed_twice_it_is_one_report(office: Office, chen: Person) -> None:
    chen.send("报送信息 一条")
    key = chen.key("报送")
    chen.press_key(key)

    assert "没有改动任何东西" in chen.press_key(key)
    assert len(reports(office)) == 1


def test_ten_on_one_day_are_shown_as_such(office: Office, chen: Person, wang: Person) -> None:
    for number in range(10):
        said = report(chen, f"年底补报之{number}")
    assert "今天一天报了 10 条" in said

    table = wang.send("报送信息")

    assert "· 孟河镇  10/0（其中 10 条在11月21日一天）" in table
    assert "没有报的 3 个单位：西夏墅镇、环保局、质监分局" in table


def test_the_month_and_the_year_are_one_tap(office: Office, chen: Person, wang: Person) -> None:
    chen.send("报送信息 春天的信息\n日期：3月5日")
    chen.press("报送")
    wang.send("报送信息")

    assert "还没有收到信息" in wang.rows()[-1]["text"]
    assert "· 孟河镇  1/0" in wang.press("2026全年")
    assert "还没有收到信息" in wang.press_key("report-table:202610:0")
    assert "没有改动任何东西" in wang.press_key("report-table:20261x:0")


def test_the_office_adopts_and_the_liaison_hears(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")
    wang.send("报送信息")

    assert "《质量月活动》" in wang.press("待采用 1")
    assert "已采用，已告诉 1 人" in wang.press("采用")

    assert "考核办采用了" in chen.rows()[-1]["text"]
    assert reports(office)[0].state == "adopted"
    assert "已经采用" in wang.press("采用")
    assert "· 孟河镇  1/1" in wang.send("报送信息")


def test_what_is_sent_back_counts_no_more_and_can_be_reported_again(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")
    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press("退回")
    assert "退回要写一句理由" in wang.send("1")
    assert "已退回，不再计数" in wang.send("请写清时间地点")

    assert "不再计数：请写清时间地点" in chen.rows()[-1]["text"]
    assert "10.2" not in facts(office, 1, TOWNS).own
    assert "19.2" not in facts(office, 1, TASKS).own
    chen.press("重新报")
    chen.send("质量月活动")
    assert "回执 信息2026-0002" in chen.press("报送")
    assert facts(office, 1, TOWNS).proven["10.2"] == 1


def test_where_adopted_ones_count_a_report_counts_once_it_is_adopted(office: Office) -> None:
    units = [RosterUnit("孟河镇", "镇", (), (), ())]
    chosen = {TOWNS.id: {"T4": "adopted"}}
    made = office.run(campaigns.create(office.database, office.now, "test", 2027, [TOWNS], units, chosen))
    office.campaign = made
    li, wang = office.person("li", "liaison", "孟河镇"), office.person("wang", "office")
    unit_id = office.run(of_name(office, made.id))
    rubric = editions.in_force(TOWNS.id, chosen[TOWNS.id])
    assert "采用了才算" in report(li, "质量月活动")
    assert "10.2" not in facts(office, unit_id, rubric).own

    wang.send("报送信息")
    wang.press_key("report-wait::0")
    wang.press("采用")

    assert facts(office, unit_id, rubric).proven["10.2"] == 1


async def of_name(office: Office, campaign_id: int) -> int:
    async with office.database.read() as connection:
        return await campaigns.find_unit(connection, campaign_id, "孟河镇")


def test_a_department_stays_undecided_until_the_office_sets_the_days(office: Office, hu: Person, wang: Person) -> None:
    assert "未定，考核办还没有定报送期限" in report(hu, "环保信息一")
    assert "3.2" not in facts(office, 3, DEPARTMENTS).own
    wang.send("报送信息")
    wang.press("报送期限")

    assert "报送期限定为：12月10日" in wang.send("12月10日")

    known = facts(office, 3, DEPARTMENTS)
    assert (known.own["3.2"], known.proven["3.2"]) == (0, 0)


def test_a_missed_day_is_left_to_the_office(office: Office, hu: Person, wang: Person) -> None:
    wang.press_key("report-terms::0")
    wang.send("11月1日 12月10日")

    assert "有一次过了期限，由考核办核定" in report(hu, "环保信息一")

    assert "3.2" not in facts(office, 3, DEPARTMENTS).own
    assert "· 环保局 没有赶上：11月1日" in wang.send("报送信息")


def test_whoever_missed_every_day_has_not_reported_in_time_anywhere(office: Office, hu: Person, wang: Person) -> None:
    wang.press_key("report-terms::0")
    wang.send("11月1日 11月15日 12月10日")

    said = report(hu, "环保信息一")

    assert said.count("有 2 次过了期限，由考核办核定") == 2
    assert "3.2" not in facts(office, 3, DEPARTMENTS).own
    assert "19.2" not in facts(office, 3, TASKS).own


def test_days_that_are_set_later_take_back_what_they_gainsay(office: Office, hu: Person, wang: Person) -> None:
    report(hu, "环保信息一")
    assert facts(office, 3, TASKS).own["19.2"] is True

    wang.press_key("report-terms::0")
    wang.send("11月1日 12月10日")

    assert "19.2" not in facts(office, 3, TASKS).own


def test_the_days_of_departments_do_not_bind_a_town(office: Office, chen: Person, wang: Person) -> None:
    wang.press_key("report-terms::0")
    wang.send("11月1日 12月10日")

    report(chen, "质量月活动")

    assert facts(office, 1, TASKS).own["19.2"] is True


def test_a_term_without_a_day_is_asked_for_again(office: Office, wang: Person) -> None:
    wang.press_key("report-terms::0")

    assert "没有看到日期" in wang.send("每季度末")
    assert "报送期限定为：12月10日" in wang.send("12月10日")


def test_an_own_answer_stays(office: Office, chen: Person) -> None:
    office.run(answers.record(office.database, office.now, 1, 1, TASKS, "19.2", fact=False))

    assert "您填过别的答案，没有改" in report(chen, "一条信息")
    assert facts(office, 1, TASKS).own["19.2"] is False


def test_what_was_not_reported_leaves_nothing(office: Office, chen: Person) -> None:
    chen.send("报送信息 写错了")

    assert "没有报送" in chen.press("取消")
    assert reports(office) == []
    assert "没有改动任何东西" in chen.press_key("report-go::1")


@pytest.mark.parametrize("key", ["report-take:1:0", "report-back:1:0", "report-wait::0", "report-terms::0"])
def test_a_liaison_does_not_decide(office: Office, chen: Person, key: str) -> None:
    report(chen, "一条信息")

    assert "只有考核办能做" in chen.press_key(key)
    assert reports(office)[0].state == "reported"


@pytest.mark.parametrize("key", ["report-take:99:0", "report-take:x:0", "report-back::0", "report-new:99:0"])
def test_a_forged_button_does_nothing(office: Office, chen: Person, wang: Person, key: str) -> None:
    assert "没有改动任何东西" in wang.press_key(key)


def test_nobody_adopts_what_the_own_unit_reported(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "一条信息")
    wang.start(office.invite("liaison", "孟河镇"))

    assert "本单位的事不能自己定" in wang.press_key("report-take:1:0")
    assert reports(office)[0].state == "reported"


def test_a_report_in_a_group_is_not_taken(office: Office, chen: Person) -> None:
    chen.send("报送信息 群里的信息", in_group=True)

    assert reports(office) == []


def test_a_report_taken_back_counts_no_more_and_its_receipt_is_void(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")

    assert "撤回《质量月活动》（信息2026-0001）？" in chen.press("撤回这条")
    assert facts(office, 1, TOWNS).own["10.2"] == 1
    said = chen.press("确认")

    assert "已撤回《质量月活动》（信息2026-0001），不再计数，回执作废" in said
    assert "考核办看过" not in said
    assert "10.2" not in facts(office, 1, TOWNS).own
    assert "19.2" not in facts(office, 1, TASKS).own
    assert unsorted(office) == []
    assert "撤回" not in wang.rows()[-1]["text"]


def test_the_office_hears_of_it_where_it_had_seen_the_report(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")
    wang.send("报送信息")
    wang.press("待采用 1")

    chen.press("撤回这条")
    assert "考核办看过这一条，已告诉 1 人" in chen.press("确认")

    assert "孟河镇撤回了《质量月活动》（信息2026-0001）" in wang.rows()[-1]["text"]
    assert "已被孟河镇撤回，不用再处理" in wang.press("采用")
    assert reports(office)[0].withdrawn


def test_of_two_reports_the_other_still_counts(office: Office, chen: Person) -> None:
    report(chen, "质量月活动")
    report(chen, "质量例会召开")

    chen.press("撤回这条")
    chen.press("确认")

    assert facts(office, 1, TOWNS).own["10.2"] == 1
    assert facts(office, 1, TASKS).own["19.2"] is True


def test_the_files_beside_it_stay_with_the_unit(office: Office, chen: Person) -> None:
    chen.send("报送信息 质量月活动")
    chen.send_file("活动照片.pdf")
    chen.press("报送")

    chen.press("撤回这条")
    assert "随它发来的 1 个文件留在待归类材料里" in chen.press("确认")

    assert unsorted(office) == ["活动照片.pdf"]


@pytest.mark.parametrize(("button", "why"), [("采用", "考核办已经采用，不能自己撤回"), ("退回", "考核办已经退回")])
def test_what_the_office_has_decided_is_not_taken_back(
    office: Office, chen: Person, wang: Person, button: str, why: str
) -> None:
    report(chen, "质量月活动")
    undo = chen.key("撤回这条")
    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press(button)
    if button == "退回":
        wang.send("请写清时间地点")

    assert why in chen.press_key(undo)


def test_taken_back_twice_it_is_said(office: Office, chen: Person) -> None:
    report(chen, "质量月活动")
    chen.press("撤回这条")
    sure = chen.key("确认")
    chen.press_key(sure)

    assert "已经撤回，不用再点" in chen.press_key(sure)


def test_what_was_taken_back_can_be_reported_again_and_is_no_return(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")
    chen.press("撤回这条")
    chen.press("确认")
    chen.press("重新报")
    chen.send("质量月活动")

    assert "回执 信息2026-0002" in chen.press("报送")
    assert "退回" not in wang.send("报送信息")


def test_a_unit_sees_its_reports_and_what_became_of_them(office: Office, chen: Person) -> None:
    chen.send("报送信息")
    assert "孟河镇还没有报过信息" in chen.press("我报的")
    report(chen, "质量月活动")
    chen.send("报送信息")

    shown = chen.press("我报的")

    assert "· 信息2026-0001《质量月活动》11月21日，已收到" in shown
    assert chen.labels == ["撤回 0001"]


@pytest.mark.parametrize("key", ["report-undo:1,1:1", "report-undo:3,1:1", "report-undo:x:0", "report-mine:1:0"])
def test_nobody_takes_back_the_report_of_another_unit(office: Office, chen: Person, hu: Person, key: str) -> None:
    report(chen, "质量月活动")

    hu.press_key(key)

    assert reports(office)[0].state == "reported"


def unsorted(office: Office, unit_id: int = 1) -> list[str]:
    async def read() -> list[str]:
        async with office.database.read() as connection:
            return [file.name for file in await evidence.unsorted_in(connection, unit_id)]

    return office.run(read())


def test_a_command_while_a_report_is_written_is_done_and_the_report_waits(office: Office, chen: Person) -> None:
    chen.send("报送信息")
    chen.send("召开质量推进会")

    said = chen.send("请假 12-1 12-3")

    assert "请假，这几天不提醒您" in said
    assert "信息《召开质量推进会》还没报送" in said
    chen.press("接着写")
    chen.send("会议由镇长主持。")
    assert "正文 8 字" in chen.rows()[-1]["text"]


def test_a_bare_command_says_that_the_report_waits_too(chen: Person) -> None:
    chen.send("报送信息")
    chen.send("召开质量推进会")

    assert "《召开质量推进会》还没报送" in chen.send("我的得分")
    assert "《召开质量推进会》" in chen.send("报送信息")
    assert "收到，回执" in chen.press("报送")


def test_a_clue_while_a_report_is_written_is_no_line_of_it(office: Office, chen: Person) -> None:
    chen.send("报送信息")
    chen.send("召开质量推进会")

    assert "《召开质量推进会》还没报送" in chen.send("打假线索")


def test_a_report_of_which_nothing_was_sent_needs_no_word(chen: Person) -> None:
    chen.send("报送信息")

    assert "还没报送" not in chen.send("我的得分")


@pytest.mark.parametrize("words", ["稍后", "同去年", "已经报过了"])
def test_the_words_of_other_buttons_are_no_line_of_a_report_unless_that_is_said(chen: Person, words: str) -> None:
    chen.send("报送信息")
    chen.send("召开质量推进会")

    assert f"“{words}”没有加进信息" in chen.send(words)
    assert "正文" in chen.press("加进去")


@pytest.mark.parametrize("words", ["单位：孟河镇", "核查\n抽查了三家"])
def test_a_line_that_only_looks_like_a_command_is_text(chen: Person, words: str) -> None:
    chen.send("报送信息")
    chen.send("召开质量推进会")

    assert "正文" in chen.send(words)


def test_the_office_sees_that_another_unit_has_reported_the_same(office: Office, chen: Person, wang: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    report(li, "质量月启动仪式")
    report(chen, "质量月 启动仪式")
    report(chen, "别的事")
    wang.send("报送信息")

    shown = wang.press("待采用 3")

    assert "同一个标题 西夏墅镇 也报过：信息2026-0001" in shown
    assert shown.count("同一个标题") == 2


def test_what_a_colleague_has_adopted_is_returned_only_after_a_question(
    office: Office, chen: Person, wang: Person
) -> None:
    li = office.person("li", "office")
    report(chen, "质量月活动")
    for person in (wang, li):
        person.send("报送信息")
        person.press("待采用 1")
    wang.press("采用")

    assert "已经采用，要改吗？" in li.press("退回")
    assert reports(office)[0].state == "adopted"
    li.press("仍要退回")
    assert "已退回" in li.send("请写清时间地点")
    assert "已经退回（请写清时间地点），要改吗？" in wang.press("采用")
    assert "已采用" in wang.press("改为采用")


def test_adopted_while_the_reason_was_written_it_is_asked_too(office: Office, chen: Person, wang: Person) -> None:
    li = office.person("li", "office")
    report(chen, "质量月活动")
    for person in (wang, li):
        person.send("报送信息")
        person.press("待采用 1")
    li.press("退回")
    wang.press("采用")

    assert "已经采用，要改吗？" in li.send("请写清时间地点")
    assert reports(office)[0].state == "adopted"


def test_a_unit_whose_only_report_was_sent_back_has_reported(office: Office, chen: Person, wang: Person) -> None:
    report(chen, "质量月活动")
    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press("退回")
    wang.send("请写清时间地点")

    table = wang.send("报送信息")

    assert "· 孟河镇  0/0，退回 1" in table
    assert "没有报的 3 个单位：西夏墅镇、环保局、质监分局" in table


@pytest.mark.parametrize("line", ["日期 12月30日", "日期：12月30日", "报送时间 2026年12月30日"])
def test_a_day_to_come_is_no_day_of_a_report_and_no_text(office: Office, chen: Person, line: str) -> None:
    chen.send("报送信息 质量月活动")

    assert f"“{line}”还没有到，没有采用" in chen.send(line)
    assert "还没有到" not in chen.send("全镇三十家企业参加。")
    chen.press("报送")

    (one,) = reports(office)
    assert (one.text, one.reported_on.isoformat()) == ("全镇三十家企业参加。", "2026-11-21")


def test_a_report_after_the_lock_is_kept_without_points(office: Office, chen: Person, wang: Person) -> None:
    lock(office)

    said = report(chen, "年底简报\n全镇三十家企业参加。")

    assert "回执 信息2026-0001" in said
    assert said.count("自评已经截止，没有计入") == 2
    assert "10.2" not in facts(office, 1, TOWNS).own
    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press("采用")
    assert "10.2" not in facts(office, 1, TOWNS).own
    assert reports(office)[0].text == "全镇三十家企业参加。"


def test_a_report_from_before_the_lock_that_is_adopted_after_it_still_counts(
    office: Office, chen: Person, wang: Person
) -> None:
    office.now -= timedelta(days=8)
    report(chen, "质量月活动")
    office.now += timedelta(days=8)
    lock(office)

    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press("采用")

    assert facts(office, 1, TOWNS).own["10.2"] == 1
