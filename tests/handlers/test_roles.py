"""Every button, command and awaited word, tried by everybody who is not meant: nothing is changed, nothing is told.

A year's beginning is played by those who are meant; each button they were shown is then pressed by the others, and each
verb nobody was shown with ids made up for it. The trail of changes and every table with what was said and decided must
be the same afterwards, and no reply may hold another unit's doings.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from talk import Office, Person

from channels import keys
from handlers import routes
from handlers.words import COMMANDS as WORDS
from handlers.words import WITH_WORDS
from rubrics import loader
from storage import campaigns, dialogues, invitations, people
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"
RUBRICS = (TOWNS, "xinbei-2011-departments", "xinbei-2011-tasks")
UNITS = [
    RosterUnit("孟河镇", "镇", ("孟河",), (), ()),
    RosterUnit("西夏墅镇", "镇", (), (), ()),
    RosterUnit("环保局", "部门", (), (), ()),
    RosterUnit("质监分局", "部门", ("质监",), (), ()),
]
SECRETS = ("孟河质量例会纪要", "孟河特设台账", "孟河打假三号窝点", "孟河信息稿", "通报〔2026〕8号")
SAID = {"inbox", "message", "dialogue", "session", "alembic_version", "device_code", "audit"}
"""What a turn may always write: what was said, where the dialogue stands, a code for one's own other device; and the
trail, which names what the other tables show."""
OWN = {"feedback", "leave", "snooze"}
"""What everybody may write in their own name."""


class World(NamedTuple):
    """The year as it was played: the folder to copy, and by verb the buttons that were shown."""

    folder: Path
    office: Office
    buttons: dict[str, list[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world") / "data"
    made = Office(folder, RUBRICS, UNITS)
    buttons = shown(*played(made))
    made.close()
    return World(folder, made, buttons)


@pytest.fixture
def office(tmp_path: Path, world: World) -> Iterator[Office]:
    shutil.copytree(world.folder, tmp_path / "data")
    made = Office.again(tmp_path / "data", world.office)
    yield made
    made.close()


def played(office: Office) -> tuple[Person, ...]:
    """A liaison, the office and its second pair of eyes do what they do, so that there is something to reach for."""
    chen = office.person("chen", "liaison", "孟河镇")
    wang, zhao = office.person("wang", "office"), office.person("zhao", "office")
    _answers(chen)
    _desk(wang)
    for someone in (wang, zhao):
        for words in (
            "今天",
            "得分",
            "考核",
            "未报",
            "人员",
            "单位 孟河镇",
            "核查 孟河镇",
            "申诉",
            "补报",
            "快照",
            "导出",
        ):
            someone.send(words)
    for words in ("清单", "我的得分", "待归类材料", "异议", "申诉", "整改", "提交自评", "帮助"):
        chen.send(words)
    return chen, wang, zhao


def _answers(chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.press("有")
    chen.send_file("孟河质量例会纪要.pdf")
    chen.press_key(keys.pack("ask", 1, TOWNS, "10.2"))
    chen.send("4条")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.3"))
    chen.press("更多")
    chen.press("本地没有")
    chen.send("孟河没有这样的企业")
    chen.send("取消")
    chen.send_file("孟河特设台账.pdf")
    chen.send("报送信息 孟河信息稿\n今年质量月办了一场讲座")
    chen.send("取消")
    chen.send("线索 孟河打假三号窝点")
    chen.send("取消")
    chen.send("请假 明天到后天")


def _desk(wang: Person) -> None:
    wang.send("记情况 孟河镇 抽检不合格1起")
    wang.send("通报〔2026〕8号")
    wang.send("催办")
    wang.send("发通知 请各单位报送一季度材料")
    wang.send("邀请 孟河镇")
    wang.send("快照 初评")


def stranger(office: Office) -> Person:
    return Person(office, "nobody")


def other_liaison(office: Office) -> Person:
    return office.person("liu", "liaison", "西夏墅镇")


def leader(office: Office) -> Person:
    return office.person("leader", "leader")


def unit_leader(office: Office) -> Person:
    return office.person("mayor", "leader", "西夏墅镇")


def provider(office: Office) -> Person:
    return office.person("provider", "provider", "环保局")


def expert(office: Office) -> Person:
    return office.person("expert", "expert")


def other_campaign(office: Office) -> Person:
    units = [RosterUnit("三井街道", "街道", (), (), ())]
    made = office.run(campaigns.create(office.database, office.now, "test", 2027, [loader.load(TOWNS)], units))
    code = office.run(invitations.invite(office.database, office.now, "test", made, "office")).code
    someone = Person(office, "next-year")
    someone.start(code)
    return someone


def removed(role: str, unit: str | None) -> Callable[[Office], Person]:
    def made(office: Office) -> Person:
        someone = office.person("gone", role, unit)

        async def remove() -> None:
            async with office.database.write() as connection:
                (member,) = await people.memberships_in(connection, "test", "gone")
                await people.remove_in(connection, office.now, "test", member.person_id, member.campaign_id)

        office.run(remove())
        return someone

    return made


OTHERS = {
    "a stranger": stranger,
    "another unit's liaison": other_liaison,
    "the leader": leader,
    "another unit's leader": unit_leader,
    "a provider": provider,
    "an expert": expert,
    "another campaign's office": other_campaign,
    "somebody removed from the office": removed("office", None),
    "a removed liaison": removed("liaison", "孟河镇"),
}
INSIDE = [who for who in OTHERS if "removed" not in who and who != "a stranger"]


def shown(*persons: Person) -> dict[str, list[str]]:
    """By verb the buttons these people were shown, each once."""
    found: dict[str, dict[str, None]] = {}
    for person in persons:
        for row in person.rows():
            for option in row["options"]:
                key = keys.parse(option["key"])
                if key is not None and key.parts:
                    found.setdefault(key.verb, {})[option["key"]] = None
    return {verb: list(texts) for verb, texts in found.items()}


def made_up(verb: str) -> list[str]:
    """Buttons nobody was shown: an id, a clause, a clause with something more."""
    clause = (1, TOWNS, "10.2")
    return [keys.pack(verb, *parts) for parts in ((1,), (1, 1), clause, (*clause, 1))]


def tried(verb: str, real: list[str], who: str) -> list[str]:
    if who not in INSIDE:
        return real[:1] or made_up(verb)[:1]  # nothing looks at what a stranger presses
    return [*real[:2], made_up(verb)[0]] if real else made_up(verb)[:3]


def kept(office: Office) -> dict[str, str]:
    """Every table with what was said and decided, without the others' own unit and campaign, as a hash of its rows."""

    async def read() -> dict[str, str]:
        async with office.database.read() as connection:
            names = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            found = {}
            for name in sorted(row.name for row in names if not row.name.startswith("sqlite_")):
                if name not in SAID | OWN:
                    rows = (await connection.execute(text(f"SELECT * FROM {name}"))).mappings().all()
                    ours = sorted(repr(dict(row)) for row in rows if not theirs(name, row))
                    found[name] = hashlib.sha256(repr(ours).encode()).hexdigest()
            return found

    return office.run(read())


def theirs(table: str, row: Any) -> bool:
    return 2 in (row.get("campaign_id"), row.get("unit_id"), row["id"] if table == "campaign" else 0)


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


def tell_tale(said: str) -> list[str]:
    return [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize("who", OTHERS)
def test_a_button_meant_for_somebody_else_does_and_tells_nothing(office: Office, world: World, who: str) -> None:
    real = world.buttons
    someone = OTHERS[who](office)
    before = kept(office)
    told = {}

    for verb in routes.PRESSES:
        for key in tried(verb, real.get(verb, []), who):
            said = someone.press_key(key)
            if tell_tale(said) and not may_see(who):
                told[key] = tell_tale(said)
            assert "没有处理好" not in said, key

    assert differing(before, kept(office)) == []
    assert told == {}


@pytest.mark.parametrize("who", OTHERS)
def test_words_meant_for_somebody_elses_question_do_and_tell_nothing(office: Office, who: str) -> None:
    someone = OTHERS[who](office)
    before = kept(office)
    told = {}

    for verb in routes.EXPECTED:
        for key in made_up(verb)[1 if who in INSIDE else 3 :]:
            expect(office, someone, key)
            said = someone.send("有异议：3条，孟河镇，明天")
            assert "没有处理好" not in said, key
            if tell_tale(said) and not may_see(who):
                told[key] = said

    assert differing(before, kept(office)) == []
    assert told == {}


def may_see(who: str) -> bool:
    """The leader sees every unit's card, and so what was booked."""
    return who == "the leader"


def expect(office: Office, someone: Person, key: str) -> None:
    async def write() -> None:
        async with office.database.write() as connection:
            await dialogues.set_state(connection, office.now, "test", someone.address, {"expects": key})

    office.run(write())


FOR_ALL = {"help", "cancel", "back", "feedback", "device", "start", "skip", "undo", "own-name"}
OFFICE_COMMANDS = sorted({name for name in (*WORDS, *WITH_WORDS) if name in routes.COMMANDS} - FOR_ALL)


@pytest.mark.parametrize("who", [who for who in OTHERS if "liaison" not in who])
def test_a_command_for_others_changes_nothing(office: Office, who: str) -> None:
    someone = OTHERS[who](office)
    before = kept(office)

    for name in OFFICE_COMMANDS:
        words = {**WORDS, **WITH_WORDS}[name][0]
        said = someone.send(f"{words} 孟河镇 1.1 抽检不合格1起" if name in WITH_WORDS else words)
        assert not tell_tale(said) or may_see(who), name

    assert differing(before, kept(office)) == []


def test_enough_of_the_buttons_tried_were_really_shown(world: World) -> None:
    assert len([verb for verb in routes.PRESSES if verb in world.buttons]) > 30
