"""转同事: a question passed on by a link; what comes is no answer before the liaison takes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from linked import HOME, file, link_of, send, with_page
from papers import ask, unsorted, uses
from talk import Office, Person
from told import answered

from storage import file_check, people, phases
from storage.colleague_pages import ColleaguePages


@pytest.fixture
def pages(office: Office) -> ColleaguePages:
    return with_page(office)


def asked(office: Office, pages: ColleaguePages, code: str) -> dict[str, Any]:
    return office.run(pages.question(code))  # type: ignore[no-any-return]


def files_of(person: Person) -> list[str]:
    return [row["file"]["name"] for row in person.rows() if row["file"] and not row["mine"]]


def close_collecting(office: Office) -> None:
    async def work() -> None:
        async with office.database.write() as connection:
            await phases.set_in(connection, office.now, "test", 1, "自评", date(2026, 11, 1), date(2026, 11, 20))

    office.run(work())


def remove(office: Office, person_id: int) -> None:
    office.run(people.remove(office.database, office.now, "test", person_id, office.campaign.id))


def test_a_liaison_gets_a_text_to_forward_with_a_link(pages: ColleaguePages, chen: Person) -> None:
    ask(chen, "1.2")

    said = chen.press("转同事")

    assert "孟河镇的质量考核有一条想请您帮忙填" in said
    assert f"{HOME}/c/" in said
    assert "不用注册" in said
    assert "11-28 09:00 前有效，只能填一次" in said


def test_whoever_opens_it_sees_the_question_and_nothing_else(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    chen.press_key("ans:1,xinbei-2011-towns,1.1,,0:0")
    code = link_of(chen)

    assert asked(office, pages, code) == {
        "unit": "孟河镇",
        "label": "质量专题会",
        "questions": ["今年开了几次质量工作专题会议？"],
        "proof": ["会议通知", "会议纪要"],
        "until": "11月28日 09:00",
    }
    assert asked(office, pages, code)["label"] == "质量专题会"  # opened again, it is the same


def test_what_comes_is_told_and_is_no_answer_yet(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)

    assert send(office, pages, code, "开了4次", file(office, "会议纪要.pdf")) == ""

    assert "同事 王五 填了【质量专题会】：\n开了4次" in chen.rows()[-1]["text"]
    assert chen.labels == ["采用", "不用"]
    assert files_of(chen) == ["会议纪要.pdf"]
    assert (answered(office), uses(office, "1.2"), unsorted(office)) == ({}, [], [])


def test_taken_it_is_the_units_answer_with_the_colleagues_name_and_the_files_prove_it(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))

    said = chen.press("采用")

    assert "会议纪要.pdf" in said
    assert answered(office) == {"1.2": (True, "开了4次（同事王五填）")}
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, None)]


def test_an_answer_given_since_is_shown_before_the_colleagues_replaces_it(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))
    take = chen.key("采用")
    ask(chen, "1.2")
    chen.send("没有")

    said = chen.press_key(take)

    assert "现在记的是：没有（" in said
    assert "王五 填的是：开了4次" in said
    assert chen.labels == ["改成王五填的", "不用"]
    assert (answered(office)["1.2"][0], uses(office, "1.2")) == (False, [])
    chen.press("改成王五填的")
    assert answered(office) == {"1.2": (True, "开了4次（同事王五填）")}
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, None)]


def test_an_answer_that_stood_when_the_question_was_passed_on_is_replaced_at_once(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    ask(chen, "1.2")
    chen.send("没有")
    send(office, pages, link_of(chen), "开了4次")

    chen.press("采用")

    assert answered(office) == {"1.2": (True, "开了4次（同事王五填）")}


def test_what_was_chosen_over_the_colleagues_words_stays(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "开了4次")
    take = chen.key("采用")
    ask(chen, "1.2")
    chen.send("没有")
    chen.press_key(take)

    assert "没有采用 王五 填的" in chen.press("不用")
    assert answered(office)["1.2"][0] is False


def test_words_that_leave_it_open_are_asked_about(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "次数以办公室的为准")

    said = chen.press("采用")

    assert "听到“次数以办公室的为准（同事王五填）”" in said
    assert "几次质量工作专题会议" in said
    chen.send("3次")
    assert answered(office)["1.2"][1] == "次数以办公室的为准（同事王五填）（3次）"


def test_an_honest_state_is_kept_as_one(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "不清楚")

    assert "不清楚" in chen.press("采用")
    assert answered(office) == {}


def test_a_figure_that_earns_nothing_is_echoed_first(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen, "3.1"), "50%")

    assert "确认" in (chen.press("采用") and chen.labels)
    assert answered(office) == {}


def test_left_the_files_stay_withdrawn_and_nothing_is_written(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))

    assert "没有采用 王五 填的" in chen.press("不用")

    assert (answered(office), uses(office, "1.2"), unsorted(office)) == ({}, [], [])


def test_a_file_the_unit_has_already_is_not_withdrawn_with_the_rest(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    chen.send_file("会议纪要.pdf")
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))

    chen.press("不用")

    assert unsorted(office) == ["会议纪要.pdf"]


def test_it_is_decided_once(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "开了4次")
    take, leave = chen.key("采用"), chen.key("不用")
    chen.press_key(take)

    assert "已经定过了：采用" in chen.press_key(leave)
    assert "已经定过了：采用" in chen.press_key(take)
    assert answered(office) == {"1.2": (True, "开了4次（同事王五填）")}


def test_a_link_is_good_for_one_answer(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)
    send(office, pages, code, "开了4次")

    assert "已经填过了" in send(office, pages, code, "开了9次", name="别人")
    assert asked(office, pages, code)["state"] == "used"


def test_the_same_once_more_after_a_lost_reply_is_fine_and_told_once(
    office: Office, pages: ColleaguePages, chen: Person
) -> None:
    code, paper = link_of(chen), file(office, "会议纪要.pdf")
    send(office, pages, code, "开了4次", paper)
    told = len(chen.rows())

    assert send(office, pages, code, "开了4次", paper) == ""
    assert len(chen.rows()) == told


def test_a_revoked_link_says_so(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)

    assert "链接已经作废" in chen.press("作废链接")

    assert "已经作废" in asked(office, pages, code)["refused"]
    assert "已经作废" in send(office, pages, code, "开了4次")
    assert "已经作废过了" in chen.press_key("colleague-off:1,1:0")


def test_an_expired_link_says_so(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)
    office.now += timedelta(days=7)

    assert "已经过期" in asked(office, pages, code)["refused"]
    assert "已经过期" in send(office, pages, code, "开了4次")


def test_a_guessed_link_leads_nowhere(office: Office, pages: ColleaguePages, chen: Person) -> None:
    link_of(chen)

    assert asked(office, pages, "guessed")["state"] == "unknown"
    assert "没有这个链接" in send(office, pages, "guessed", "开了4次")


def test_the_links_of_a_removed_person_are_worth_nothing(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)

    remove(office, 1)

    assert "已经作废" in asked(office, pages, code)["refused"]
    assert "已经作废" in send(office, pages, code, "开了4次")


def test_once_answers_are_taken_no_more_the_page_says_so(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)

    close_collecting(office)

    assert "已经截止" in asked(office, pages, code)["refused"]
    assert "已经截止" in send(office, pages, code, "开了4次")


def test_what_came_in_time_cannot_be_taken_after_the_lock(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "开了4次")
    close_collecting(office)

    assert "截止" in chen.press("采用")
    assert answered(office) == {}


def test_what_is_marked_as_secret_is_not_kept(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code = link_of(chen)

    assert "涉密内容请不要发到这里" in send(office, pages, code, "见机密文件")
    assert asked(office, pages, code)["label"] == "质量专题会"  # it can still be answered


def test_so_many_links_of_a_clause_are_enough(pages: ColleaguePages, chen: Person) -> None:
    for _ in range(5):
        link_of(chen)

    assert "已有 5 个链接在等" in chen.press_key("colleague:1,xinbei-2011-towns,1.2:0")


def test_without_a_page_nothing_is_promised(chen: Person) -> None:
    assert "还没有网页地址" in chen.press_key("colleague:1,xinbei-2011-towns,1.2:0")


def test_a_clause_of_the_offices_is_not_passed_on(pages: ColleaguePages, chen: Person) -> None:
    assert "/c/" not in chen.press_key("colleague:1,xinbei-2011-towns,6.3:0")


KEYS = (
    "colleague:1,xinbei-2011-towns,1.2:0",
    "colleague-off:1,1:0",
    "colleague-take:1,1:0",
    "colleague-leave:1,1:0",
    "last-year:1,xinbei-2011-towns,1.2:0",
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("liaison", "西夏墅镇"),
        ("office", None),
        ("leader", None),
        ("leader", "孟河镇"),
        ("provider", "质监分局"),
        ("expert", None),
    ],
)
def test_nobody_but_the_units_liaison_gets_anything(
    office: Office, pages: ColleaguePages, chen: Person, key: str, role: str, unit: str | None
) -> None:
    send(office, pages, link_of(chen), "开了4次")
    other = office.person("other", role, unit)

    said = other.press_key(key)

    assert "/c/" not in said
    assert "开了4次" not in said
    assert answered(office) == {}
    assert chen.press("采用")  # it still waits


@pytest.mark.parametrize("key", KEYS)
def test_a_removed_liaison_and_a_stranger_get_nothing(
    office: Office, pages: ColleaguePages, chen: Person, key: str
) -> None:
    send(office, pages, link_of(chen), "开了4次")
    remove(office, 1)

    for person in (chen, Person(office, "stranger")):
        assert "邀请" in person.press_key(key)
    assert answered(office) == {}


@pytest.mark.parametrize("key", ["colleague-take:1,99:0", "colleague-take:2,1:0", "colleague-take::0", "colleague:1:0"])
def test_a_forged_button_does_nothing(office: Office, pages: ColleaguePages, chen: Person, key: str) -> None:
    send(office, pages, link_of(chen), "开了4次")

    assert chen.press_key(key)
    assert answered(office) == {}


def test_a_file_that_was_damaged_on_the_way_is_refused(office: Office, pages: ColleaguePages, chen: Person) -> None:
    code, paper = link_of(chen), file(office, "会议纪要.pdf")
    office.files.path_of(paper.ref).unlink()

    assert "不在证据文件夹里" in send(office, pages, code, "开了4次", paper)
    assert asked(office, pages, code)["label"] == "质量专题会"


def test_every_row_of_it_can_be_verified(office: Office, pages: ColleaguePages, chen: Person) -> None:
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))
    chen.press("采用")

    assert office.run(file_check.missing_or_changed(office.database, office.files)) == []
