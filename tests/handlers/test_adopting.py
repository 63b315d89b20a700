"""换用今年细则: a campaign begun on last year's rubric takes the year's own; each unit hears once what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adopting import NEW, OLD, OVERLAY
from rosters import roster
from talk import Office, Person

from channels import keys
from storage import answers, campaigns, evidence, invitations, scorecards, targets
from storage.roster import RosterUnit

UNITS = [
    RosterUnit("孟河镇", "镇", ("孟河",), (), ()),
    RosterUnit("西夏墅镇", "镇", (), (), ()),
    RosterUnit("环保局", "部门", (), (), ()),
]
DEPARTMENTS = "xinbei-2011-departments"
TASKS = "xinbei-2011-tasks"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", (OLD.id, DEPARTMENTS), UNITS, provisional=(OLD.id,))
    yield made
    made.close()


@pytest.fixture
def chen(office: Office) -> Person:
    """孟河镇's liaison: one answer whose clause stays, one whose clause changes, each with a file."""
    chen = office.person("chen", "liaison", "孟河镇")
    chen.press_key(keys.pack("ask", 1, OLD.id, "1.1"))
    chen.press("有")
    chen.send_file("专人文件.pdf")
    chen.press_key(keys.pack("ask", 1, OLD.id, "5.4"))
    chen.press("是")
    chen.send_file("检定记录.pdf")
    return chen


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def running(office: Office) -> tuple[str, ...]:
    return office.run(campaigns.campaigns(office.database))[0].rubric_ids


def facts(office: Office, rubric_id: str) -> dict[str, Any]:
    found = office.run(answers.current(office.database, 1, rubric_id))
    return {ident: answer.fact for ident, answer in found.items()}


def read(office: Office, function: Any, *given: Any) -> Any:
    async def reading() -> Any:
        async with office.database.read() as connection:
            return await function(connection, *given)

    return office.run(reading())


def pick(person: Person, rubric_id: str = NEW.id) -> str:
    person.send("考核")
    person.press("换用今年细则")
    key = next(o["key"] for o in person.rows()[-1]["options"] if keys.parse(o["key"]).parts == (rubric_id,))  # type: ignore[union-attr]
    return person.press_key(key)


def sheet(person: Person, folder: Path, *rows: tuple[Any, ...]) -> str:
    path = roster(folder / "targets.xlsx", *rows, targets=(f"{NEW.id}:2.4",))
    return send_bytes(person, path.read_bytes(), "目标.xlsx")


def send_bytes(person: Person, content: bytes, name: str) -> str:
    from channels.port import FileRef

    async def chunks() -> Any:
        yield content

    kept = person.office.run(person.office.files.store(chunks(), name, 1 << 20))
    return person._event(files=(FileRef(kept["ref"], name, kept["size_bytes"]),))


def test_a_campaign_on_last_years_rubric_says_so(office: Office, chen: Person, wang: Person) -> None:
    assert f"{OLD.title}（暂用）" in wang.send("考核")
    assert "（暂用）" in wang.send("得分")


def test_rules_in_use_for_the_time_being_were_not_issued_on_the_day_of_setting_up(office: Office, wang: Person) -> None:
    said = wang.send("考核")

    assert "今年的细则还没有印发，先暂用去年的" in said
    assert "细则印发：" not in said


def test_once_the_years_rules_are_taken_their_day_is_asked_for(office: Office, wang: Person) -> None:
    pick(wang)
    assert "这份细则是哪一天印发的" in wang.press("确认")
    assert "印发日期还没有填" in wang.send("考核")
    wang.press("印发日期")

    wang.send("2026年6月20日")
    wang.press("确认")

    assert "细则印发：2026年6月20日" in wang.send("考核")


def test_the_day_can_be_typed_right_beneath_and_is_asked_for_once(office: Office, wang: Person) -> None:
    pick(wang)
    wang.press("确认")

    assert "印发日期定为 2026年6月20日。" in wang.send("2026年6月20日")
    wang.press("确认")
    pick(wang)
    assert "印发" not in wang.press("确认")


def test_the_office_sees_what_it_would_do_and_nothing_changes(office: Office, chen: Person, wang: Person) -> None:
    text = pick(wang)

    assert "只是试算，还没有换" in text
    assert f"换下“{OLD.title}（暂用）”，改用“{NEW.title}”" in text
    assert "不变 34 条，连同填报和材料带过来；其中 1 条分值变了：9.1 分类分级检查" in text
    assert "变了 8 条，重填：3.2 质量信用评价" in text
    assert "新增 2 条：9.3a" in text
    assert "不再考 2 条：9.1a" in text
    assert "· 孟河镇 自报 7 → 2 分 重填 1 条 重新归类 1 份材料" in text
    assert "西夏墅镇" not in text
    assert running(office) == (OLD.id, DEPARTMENTS)


def test_confirmed_it_is_taken_and_each_unit_is_told_once(office: Office, chen: Person, wang: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    ministry = office.person("env", "liaison", "环保局")
    counts = [len(person.rows()) for person in (chen, li, ministry)]
    pick(wang)

    text = wang.press("确认")

    assert f"已换用“{NEW.title}”" in text
    assert "已告诉 2 位联络员" in text
    assert running(office) == (NEW.id, DEPARTMENTS)
    assert facts(office, NEW.id) == {"1.1": True}
    assert facts(office, OLD.id) == {"1.1": True, "5.4": True}
    assert [len(p.rows()) - n for p, n in zip((chen, li, ministry), counts, strict=True)] == [1, 1, 0]
    told = chen.rows()[-1]["text"]
    assert f"孟河镇：今年细则已定，用“{NEW.title}”" in told
    assert (
        "33 条不变已带过来（其中 1 条分值变了：9.1 分类分级检查），6 条要重填，2 条不再考" in told
    )  # the others are the office's
    assert "有 1 份材料要重新归类" in told
    assert chen.labels == ["清单", "待归类材料"]


def test_the_liaison_goes_on_where_the_new_rubric_asks(office: Office, chen: Person, wang: Person) -> None:
    pick(wang)
    wang.press("确认")

    assert "检定记录.pdf" in chen.press("待归类材料")
    chen.press_key(keys.pack("ask", 1, NEW.id, "5.4"))
    chen.press("是")
    assert facts(office, NEW.id) == {"1.1": True, "5.4": True}
    used = read(office, evidence.of_clause_in, 1, NEW.id, "1.1")
    assert [use.evidence.name for use in used] == ["专人文件.pdf"]


def test_an_open_question_of_the_old_rubric_is_no_longer_answered(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, OLD.id, "1.3"))
    key = chen.key("有")
    pick(wang)
    wang.press("确认")

    chen.press_key(key)
    chen.press_key(keys.pack("ask", 1, OLD.id, "1.3"))

    assert "1.3" not in facts(office, OLD.id) | facts(office, NEW.id)


def test_overlay_and_tasks_come_as_files(office: Office, chen: Person, wang: Person, tmp_path: Path) -> None:
    pick(wang)
    text = send_bytes(wang, OVERLAY.replace(OLD.id, NEW.id).encode(), "2026年度细则.yaml")
    assert "加年度细则 2026年度" in text
    text = sheet(wang, tmp_path, ("孟河", "镇", None, None, 4))
    assert "加年度细则 2026年度" in text
    assert "· 孟河镇 自报 7 → 2 分 重填 1 条 重新归类 1 份材料 新下达 1 项" in text

    wang.press("确认")

    (task,) = read(office, targets.handed_down_in, 1)
    assert (task.rubric_id, task.figure) == (NEW.id, 4)
    assert "新下达 1 项目标任务" in chen.rows()[-1]["text"]


def test_tasks_alone_are_told_to_those_they_are_for(office: Office, chen: Person, wang: Person, tmp_path: Path) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    pick(wang)
    wang.press("确认")
    before = len(li.rows())
    pick(wang)  # in force already, so nothing to change without a file

    assert "新下达 1 项" in sheet(wang, tmp_path, ("孟河镇", "镇", None, None, 4))
    assert "目标任务已下达" in wang.press("确认")

    assert "孟河镇：今年下达了 1 项目标任务" in chen.rows()[-1]["text"]
    assert len(li.rows()) == before


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"overlay: x\nrubric: hunan\n", "年度.yaml", "这份年度细则是给「hunan」的"),
        ("年度细则".encode("gbk"), "年度.yaml", "UTF-8"),
    ],
)
def test_a_file_with_mistakes_says_so_and_may_be_sent_again(
    office: Office, wang: Person, content: bytes, name: str, words: str
) -> None:
    pick(wang)
    text = send_bytes(wang, content, name)

    assert words in text
    assert "什么都没有改" in text
    assert "只是试算" in send_bytes(wang, OVERLAY.replace(OLD.id, NEW.id).encode(), name)
    assert running(office) == (OLD.id, DEPARTMENTS)


def test_a_sheet_with_mistakes_names_them_and_may_be_sent_again(office: Office, wang: Person, tmp_path: Path) -> None:
    pick(wang)

    assert "「奔牛镇」" in sheet(wang, tmp_path, ("孟河镇", "镇", None, None, 4), ("奔牛镇", "镇", None, None, 1))
    assert "要填不小于 0 的数字" in sheet(wang, tmp_path, ("孟河镇", "镇", None, None, "四"))

    assert "新下达 1 项" in sheet(wang, tmp_path, ("孟河镇", "镇", None, None, 4))


def test_another_file_or_words_are_asked_for_again(office: Office, wang: Person) -> None:
    pick(wang)

    assert "看不出是什么" in wang.send_file("通知.pdf")
    assert "年度细则文件（.yaml）或目标表（.xlsx）" in wang.send("马上发")
    assert "加年度细则" in send_bytes(wang, OVERLAY.replace(OLD.id, NEW.id).encode(), "年度.yaml")


def test_put_down_nothing_is_taken_and_an_old_button_says_so(office: Office, wang: Person) -> None:
    pick(wang)
    stale = wang.key("确认")

    assert "细则还是原来的" in wang.press("取消")
    wang.press_key(stale)

    assert running(office) == (OLD.id, DEPARTMENTS)


def test_what_was_shown_before_is_not_confirmed_any_more(office: Office, wang: Person) -> None:
    pick(wang)
    stale = wang.key("确认")
    pick(wang, OLD.id)

    wang.press_key(stale)

    assert running(office) == (OLD.id, DEPARTMENTS)


def test_pressed_twice_it_is_taken_once(office: Office, chen: Person, wang: Person) -> None:
    pick(wang)
    key = wang.key("确认")
    wang.press_key(key)
    said = len(chen.rows())

    wang.press_key(key)

    assert len(chen.rows()) == said
    assert running(office) == (NEW.id, DEPARTMENTS)


def test_last_years_rubric_may_stay(office: Office, chen: Person, wang: Person) -> None:
    assert "今年沿用" in pick(wang, OLD.id)

    wang.press("确认")

    assert "（暂用）" not in wang.send("考核")
    assert f"今年细则已定，沿用“{OLD.title}”" in chen.rows()[-1]["text"]
    assert facts(office, OLD.id) == {"1.1": True, "5.4": True}


def test_which_one_it_replaces_is_asked_where_that_is_not_plain(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", (DEPARTMENTS, TASKS), UNITS)
    wang = office.person("wang", "office")

    assert "换下哪一份" in pick(wang)
    assert wang.labels == ["换下1", "换下2"]
    text = wang.press("换下2")
    wang.press("确认")
    taken = running(office)
    office.close()

    assert f"改用“{NEW.title}”" in text
    assert taken == (DEPARTMENTS, NEW.id)


@pytest.mark.parametrize("who", ["liaison", "leader", "expert", "stranger", "elsewhere", "group"])
def test_nobody_else_takes_a_rubric(office: Office, chen: Person, wang: Person, who: str) -> None:
    pick(wang)
    confirm, pressed = wang.key("确认"), keys.pack("adopt-pick", NEW.id, version=1)
    person = {
        "liaison": lambda: chen,
        "leader": lambda: office.person("leader", "leader"),
        "expert": lambda: office.person("expert", "expert"),
        "stranger": lambda: Person(office, "nobody"),
        "elsewhere": lambda: elsewhere(office),
        "group": lambda: wang,
    }[who]()
    more = {"in_group": True} if who == "group" else {}

    for key in (keys.pack("adopt"), pressed, confirm):
        person._event(option=key, **more)

    assert running_first(office) == (OLD.id, DEPARTMENTS)


def running_first(office: Office) -> tuple[str, ...]:
    found = office.run(campaigns.campaigns(office.database))
    return next(one.rubric_ids for one in found if one.id == 1)


def elsewhere(office: Office) -> Person:
    """The office of another campaign: its buttons reach its own."""
    create = campaigns.create(office.database, office.now, "test", 2027, [OLD], UNITS[:1])
    code = office.run(invitations.invite(office.database, office.now, "test", office.run(create), "office")).code
    someone = Person(office, "elsewhere")
    someone.start(code)
    return someone


def test_scores_stay_what_they_would_be_worked_out_afresh(office: Office, chen: Person, wang: Person) -> None:
    pick(wang)
    wang.press("确认")

    assert office.run(scorecards.recompute(office.database, office.now, 1)) == []


def test_what_was_booked_under_the_old_rubric_can_still_be_read(office: Office, chen: Person, wang: Person) -> None:
    wang.send("记情况 孟河镇 拒检拒抽1起")
    wang.send("质监〔2026〕3号")
    wang.press("确认")

    text = pick(wang)
    assert "记过的情况有 1 件落在变了的条目上" in text
    assert "· 孟河镇 拒检拒抽（第 1 号）" in text
    wang.press("确认")

    assert "拒检拒抽" in wang.send("今天")
    assert "孟河镇" in wang.send("单位 孟河镇")
    chen.send("异议")
    assert "拒检拒抽" not in chen.rows()[-1]["text"]


def test_a_reading_proposed_for_the_old_rubric_is_not_switched(office: Office, chen: Person, wang: Person) -> None:
    zhao = office.person("zhao", "office")
    wang.press_key(keys.pack("reading", OLD.id, "T13"))
    wang.press("试 2")
    wang.press("提请")
    wang.send("区质强办〔2026〕9号明确")
    pick(wang)
    wang.press("确认")

    assert "这份细则已经换下" in zhao.press("同意")


def test_a_verdict_on_the_old_rubric_is_not_taken_back(office: Office, chen: Person, wang: Person) -> None:
    wang.send("核查 孟河镇")
    wang.press("通过")
    undo = wang.key("撤销")
    pick(wang)
    wang.press("确认")

    assert "已经变了" in wang.press_key(undo)


def test_the_rest_of_a_clause_is_not_passed_on_the_old_rubric(office: Office, chen: Person, wang: Person) -> None:
    wang.press_key(keys.pack("rv-row", OLD.id, "1.1", 0))
    rest = wang.key("其余全部通过")
    pick(wang)
    wang.press("确认")

    assert "已经变了" in wang.press_key(rest)
