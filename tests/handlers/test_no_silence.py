"""Nothing a person sends is met with silence, an apology or another unit's doings."""

from __future__ import annotations

import pytest
from talk import Office, Person

from rubrics import loader
from storage import answers, campaigns, invitations
from storage.inbox import Inbox
from storage.roster import RosterUnit

TOWNS = loader.load("xinbei-2011-towns")
WORDS = (
    "", " \u3000\n\t", "\x00", "\x07\x1b[2J", "\ud83d", "\u202e清单", "\ufeff", "a" * 100_000, "九" * 100_000,
    "9" * 100_000, "1/" * 20_000, "{{ turn.state }}", "'; DROP TABLE answer; --", "/start " + "A" * 5000, "百分之" * 9000,
    "单位 " + "孟" * 50_000, "%", "0/0", "1e999999999", "\u0660\u0669%", "²", "👨‍👩‍👧", "<b>是</b>",
)  # fmt: skip
KEYS = (
    "", "\ud83d", "\x00", ":" * 64, "ans:" + "9" * 50 + ":0", "ask:" + "9" * 30 + ",xinbei-2011-towns,2.3:0", "ask:1:0",
    "next:999:0", "list::0", "item:1,xinbei-2011-towns,99:0", "sort:99999:0",
    "use:1,xinbei-2011-towns,nope:0", "state:1,xinbei-2011-towns,2.3,,0:0", "ans:²,xinbei-2011-towns,2.3,,0:0",
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
@pytest.mark.parametrize("criterion", [None, "10.2"])
def test_whatever_is_typed_is_answered_and_no_answer_comes_of_it(
    office: Office, chen: Person, words: str, criterion: str | None
) -> None:
    if criterion:
        chen.press_key(f"ask:1,xinbei-2011-towns,{criterion}:0")

    said = chen.send(words)

    assert said.strip()
    assert "没有记下这一条" not in said
    assert office.run(answers.current(office.database, 1, TOWNS.id)) == {}


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_a_key_nobody_made_is_answered_and_changes_nothing(office: Office, chen: Person, key: str) -> None:
    said = chen.press_key(key)

    assert said.strip()
    assert "没有记下这一条" not in said
    assert [office.run(answers.current(office.database, unit, TOWNS.id)) for unit in (1, 2)] == [{}, {}]


def test_a_button_of_another_years_campaign_reaches_only_its_own_liaisons(office: Office, chen: Person) -> None:
    units = [RosterUnit("孟河镇", "镇", (), (), ())]
    later = office.run(campaigns.create(office.database, office.now, "test", 2027, [TOWNS], units))
    code = office.run(invitations.invite(office.database, office.now, "test", later, "liaison", unit="孟河镇")).code
    li = Person(office, "li")
    li.start(code)
    (unit,) = {int(option["key"].split(":")[1]) for row in li.rows() for option in row["options"]}

    assert "没有改动任何东西" in chen.press_key(f"ans:{unit},xinbei-2011-towns,2.3,,0:0")
    assert "没有改动任何东西" in li.press_key("ans:1,xinbei-2011-towns,2.3,,0:0")
    assert "回执 2027-000001" in li.press_key(f"ans:{unit},xinbei-2011-towns,2.3,,0:0")


def test_the_same_event_fifty_times_is_one_event(office: Office, chen: Person) -> None:
    from channels.port import Event

    chen.press_key("ask:1,xinbei-2011-towns,10.2:0")
    inbox = Inbox(office.database, lambda: office.now)
    event = Event("test", "replay", "chen", office.now, text="4条")

    for _ in range(50):
        office.run(inbox.keep("test", "replay", "chen", {"text": "4条"}))
        office.happen(event)

    assert [row["text"] for row in chen.rows() if row["mine"]].count("4条") == 1
    assert len(office.run(answers.history(office.database, 1, TOWNS.id, "10.2"))) == 1
