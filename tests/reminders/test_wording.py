from __future__ import annotations

from datetime import date, timedelta

from duties import COLLECTED, DEPARTMENTS, ISSUED, SHANGHAI, YEAR, desk, liaison, matter, said_on, year

from channels import keys
from channels.keys import LIMIT_BYTES
from reminders.obligations import Obligation, UnitKnown, open_obligations
from reminders.quiet import Said
from reminders.schedules import schedule
from reminders.wording import digest_text, options, renderer
from rubrics import loader
from storage.information import Term

TODAY = date(2025, 8, 12)
RENDER = renderer(SHANGHAI)


def text_of(*obligations: Obligation, said: tuple[Said, ...] = ()) -> str:
    (digest,) = said_on(liaison(desk(*obligations), said=said), day=TODAY)
    return digest_text(RENDER, digest)


def test_the_first_digest_of_a_town_fits_on_a_phone() -> None:
    (digest,) = said_on(liaison(desk(*open_obligations(year(), UnitKnown()))), day=ISSUED)

    text = digest_text(RENDER, digest)

    assert text.splitlines() == [
        "孟河镇：还有 23 件，关系 67 分",
        "· 建议 8月9日前：信息上报（第 1 条，共 4 条）（3 分）",
        "· 建议 9月26日前：质量专题会（第 1 次，共 2 次）、年度实施计划（4 分）",
        "· 12月31日前：责任制与事故、名牌申报、标准化推进 等 20 件（60 分）",
    ]


def test_what_is_late_stands_on_top_and_says_until_when_it_was_due() -> None:
    late, soon = matter("1", TODAY - timedelta(days=1)), matter("2", TODAY + timedelta(days=3))

    lines = text_of(soon, late, said=(Said(TODAY - timedelta(days=60)),)).splitlines()

    assert lines[1:] == ["· 已过期限 8月11日：要点1（1 分）", "· 8月15日前：要点2（1 分）"]


def test_what_was_not_announced_in_time_is_asked_for_without_reproach() -> None:
    assert "· 请补办 8月11日：要点1（1 分）" in text_of(matter("1", TODAY - timedelta(days=1)))


def test_a_pace_date_that_has_passed_is_no_limit() -> None:
    paced = matter("1", TODAY - timedelta(days=1), limit=COLLECTED)

    assert "· 该办了，按进度 8月11日：要点1（1 分）" in text_of(paced)


def test_what_is_due_today_says_so() -> None:
    assert "· 就在今天：要点1（1 分）" in text_of(matter("1", TODAY))


def test_a_hint_names_no_points_and_is_not_counted() -> None:
    hint = matter("9", TODAY)._replace(kind="hint", what="质量月办一次活动", points=matter("9", TODAY).points * 0)

    assert text_of(matter("1", TODAY), hint).splitlines() == [
        "孟河镇：还有 1 件，关系 1 分",
        "· 就在今天：要点1（1 分）",
        "· 提示：质量月办一次活动",
    ]


def test_each_unit_has_its_own_lines() -> None:
    desks = [desk(matter("1", TODAY), unit_id=n, unit=f"第{n}镇") for n in (1, 2)]
    (digest,) = said_on(liaison(*desks), day=TODAY)

    assert digest_text(RENDER, digest).splitlines()[::2] == [
        "第1镇：还有 1 件，关系 1 分",
        "第2镇：还有 1 件，关系 1 分",
    ]


def test_the_buttons_lead_to_the_most_urgent_matter() -> None:
    (digest,) = said_on(liaison(desk(matter("10.2", TODAY), unit_id=21)), day=TODAY)

    found = options(digest)

    assert [option.label for option in found] == ["现在填", "稍后", "已经报过了"]
    assert [option.key for option in found] == [
        "ask:21,xinbei-2011-towns,10.2:0",
        "later:1,20250812:0",
        "reported:1,20250812:0",
    ]


def test_the_button_of_a_submission_hands_it_in() -> None:
    handing_in = matter("submit", TODAY)._replace(kind="submit")
    (digest,) = said_on(liaison(desk(handing_in)), day=TODAY)

    assert options(digest)[0].key == "submit:1:0"


def test_every_key_of_a_real_year_can_be_pressed() -> None:
    for line in year("质监分局", "部门").dues:
        only = line.obligation._replace(askable_from=TODAY, due=TODAY, limit=TODAY)
        (digest,) = said_on(liaison(desk(only, unit_id=10**6)), day=TODAY)

        found = [keys.parse(option.key) for option in options(digest)]

        assert all(key is not None for key in found)
        assert all(len(option.key.encode()) <= LIMIT_BYTES for option in options(digest))


def test_a_report_due_by_a_day_is_begun_with_one_tap() -> None:
    terms = (Term(date.min, date(2025, 9, 30)),)
    bureau = schedule([loader.load(DEPARTMENTS)], "环保局", "部门", YEAR, terms)
    (report,) = (o for o in open_obligations(bureau, UnitKnown()) if o.kind == "report")
    (digest,) = said_on(liaison(desk(report, unit_id=3, unit="环保局")), day=date(2025, 9, 22))

    assert "9月30日前：信息上报（9月30日这一次）" in digest_text(RENDER, digest)
    assert options(digest)[0].key == "report-new:3:0"
