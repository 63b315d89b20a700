"""误发: two people have a file erased; its bytes go, its row, hash and reason stay, and `verify` knows it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from papers import ask, uses
from talk import Office, Person
from year_end import reviewed

from channels import keys
from channels.port import FileRef
from storage import audit, erasing, evidence, file_check, motions, people, scorecards
from storage.made_files import exports_of

FIRST = keys.pack("erase", 1, 1)


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def zhao(office: Office, wang: Person) -> Person:
    return office.person("zhao", "office")


@pytest.fixture
def sent(office: Office, chen: Person, zhao: Person) -> Person:
    """孟河镇 has a file that proves a clause; the office has two people."""
    ask(chen, "1.1")
    chen.send_file("身份证.pdf")
    assert uses(office, "1.1")
    return chen


def row(office: Office, unit_id: int = 1, ident: int = 1) -> evidence.Evidence:
    async def read() -> evidence.Evidence:
        async with office.database.read() as connection:
            return await evidence.find_in(connection, unit_id, ident)

    return office.run(read())  # type: ignore[no-any-return]


def states(office: Office) -> list[str]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await motions.of_campaign_in(connection, office.campaign.id)

    return [one.state for one in office.run(read())]


def verified(office: Office) -> tuple[Any, Any, Any]:
    """What `kaoping verify` looks at: the chain, files gone or changed, files that should be gone."""

    async def walk() -> Any:
        async with office.database.read() as connection:
            return (await audit.walk(connection)).broken

    missing = office.run(file_check.missing_or_changed(office.database, office.files))
    return office.run(walk()), missing, office.run(erasing.left_over(office.database, office.files))


def clean(office: Office) -> int:
    return office.run(erasing.clean(office.database, office.files))  # type: ignore[no-any-return]


def erase(sent: Person, by: Person) -> None:
    sent.press_key(FIRST)
    sent.send("发错了，是别人的身份证")
    by.press("同意")
    by.press("确认")


def test_a_liaison_asks_and_one_of_the_office_agrees(office: Office, sent: Person, zhao: Person) -> None:
    said = sent.press_key(FIRST)
    assert "《身份证.pdf》" in said
    assert "它现在证明：专人负责" in said

    assert "还没有删" in sent.send("发错了，是别人的身份证")
    assert row(office).erased_at is None

    assert "理由：发错了，是别人的身份证" in zhao.rows()[-1]["text"]
    zhao.press("同意")
    assert "已按误发删除" in zhao.press("确认")

    gone = row(office)
    assert (gone.erased_why, gone.erased_at is None, gone.withdrawn_at is None) == (
        "发错了，是别人的身份证",
        False,
        False,
    )
    assert uses(office, "1.1") == []
    assert "已按误发删除" in sent.rows()[-1]["text"]


def test_the_bytes_go_and_the_row_with_its_hash_stays(office: Office, sent: Person, zhao: Person) -> None:
    ref = row(office).ref
    erase(sent, zhao)

    assert [one.why for one in verified(office)[2]] == ["已决定删除，内容还没有删掉，请运行 kaoping serve"]
    assert clean(office) == 1

    assert not office.files.path_of(ref).exists()
    assert (row(office).ref, row(office).name) == (ref, "身份证.pdf")
    assert verified(office) == ((), [], [])
    assert clean(office) == 0


def test_the_scores_follow(office: Office, sent: Person, zhao: Person) -> None:
    ask(sent, "1.1")
    sent.press("有")
    erase(sent, zhao)

    assert office.run(scorecards.recompute(office.database, office.now, office.campaign.id)) == []


def test_two_of_the_office_do_it_for_a_unit(office: Office, sent: Person, wang: Person, zhao: Person) -> None:
    assert "身份证.pdf" in wang.send("误发 孟河镇")
    wang.press("1. 身份证")
    assert "要两个人定" in wang.send("单位打电话来说发错了")
    assert "由考核办另一位同事同意" in wang.press_key("motion-yes:1:0")

    zhao.press("同意")
    zhao.press("确认")

    assert row(office).erased_why == "单位打电话来说发错了"
    assert "误发的材料，已由两人同意删除" in sent.rows()[-1]["text"]


def test_bytes_another_unit_has_too_stay_for_it(office: Office, sent: Person, zhao: Person) -> None:
    other = office.person("li", "liaison", "西夏墅镇")
    other.send_file("身份证.pdf")

    assert "别处还有一份一样的内容" in sent.press_key(FIRST)
    erase(sent, zhao)

    assert clean(office) == 0
    assert office.files.path_of(row(office).ref).exists()
    assert verified(office) == ((), [], [])


def test_the_same_file_sent_before_and_withdrawn_goes_with_it(office: Office, sent: Person, zhao: Person) -> None:
    sent.press_key(keys.pack("file-take", 1, 1))
    sent.send_file("身份证.pdf")
    assert row(office, ident=2).withdrawn_at is None

    sent.press_key(keys.pack("erase", 1, 2))
    sent.send("发错了，是别人的身份证")
    zhao.press("同意")
    zhao.press("确认")

    assert row(office, ident=1).erased_at == row(office, ident=2).erased_at is not None
    assert clean(office) == 1


def test_sent_again_later_it_is_a_new_file_that_stays(office: Office, sent: Person, zhao: Person) -> None:
    erase(sent, zhao)
    clean(office)

    sent.send_file("身份证.pdf")

    assert clean(office) == 0
    assert (row(office, ident=2).erased_at, verified(office)) == (None, ((), [], []))


def test_an_erased_file_is_not_shown_or_erased_again(office: Office, sent: Person, zhao: Person) -> None:
    erase(sent, zhao)
    clean(office)

    assert "已在" in sent.press_key(keys.pack("file-show", 1, 1))
    assert sent.rows()[-1]["file"] is None
    assert "已经删除过了" in sent.press_key(FIRST)
    assert "没有可以删除的材料" in sent.send("误发")


def test_without_a_reason_nothing_is_asked(office: Office, sent: Person) -> None:
    sent.press_key(FIRST)

    assert "理由" in sent.send("错")
    assert states(office) == []
    sent.send("发错了，是别人的身份证")
    assert states(office) == ["open"]


def test_a_refusal_keeps_the_file_and_is_told_to_who_asked(office: Office, sent: Person, zhao: Person) -> None:
    sent.press_key(FIRST)
    sent.send("发错了，是别人的身份证")
    zhao.press("不同意")
    zhao.send("看过了，就是要的证明")

    assert "看过了，就是要的证明" in sent.rows()[-1]["text"]
    assert (row(office).erased_at, states(office)) == (None, ["refused"])


def test_who_asked_may_take_it_back(office: Office, sent: Person, zhao: Person) -> None:
    sent.press_key(FIRST)
    sent.send("发错了，是别人的身份证")

    sent.press("收回")

    assert states(office) == ["withdrawn"]
    zhao.press("同意")
    assert row(office).erased_at is None


def test_one_of_the_office_alone_cannot(office: Office, chen: Person, wang: Person) -> None:
    chen.send_file("身份证.pdf")
    wang.send("误发 孟河镇")
    wang.press("1. 身份证")

    assert "没有第二个人" in wang.send("单位打电话来说发错了")
    assert states(office) == []


def test_of_the_own_unit_nobody_of_the_office_decides(office: Office, sent: Person, zhao: Person) -> None:
    sent.press_key(FIRST)
    sent.send("发错了，是别人的身份证")
    zhao.start(office.invite("liaison", "孟河镇"))

    assert "自己的单位" in zhao.press("同意")
    assert row(office).erased_at is None


@pytest.mark.parametrize("key", ["erase:1,1:0", "erase:1:0", "erase-drop:1,1:0", "motion-yes:1:1"])
@pytest.mark.parametrize(
    ("role", "unit"),
    [("liaison", "西夏墅镇"), ("leader", None), ("leader", "孟河镇"), ("provider", "质监分局"), ("expert", None)],
)
def test_nobody_else_gets_anything(office: Office, sent: Person, key: str, role: str, unit: str | None) -> None:
    sent.press_key(FIRST)
    sent.send("发错了，是别人的身份证")
    other = office.person("other", role, unit)

    said = other.press_key(key)
    other.send("想删就删了吧")

    assert "身份证" not in said
    assert (row(office).erased_at, states(office)) == (None, ["open"])


@pytest.mark.parametrize("key", ["erase:2,1:0", "erase:1,99:0", "erase:9,1:0", "erase::0", "erase-drop:1,9:0"])
def test_a_forged_button_gets_nothing(office: Office, sent: Person, wang: Person, key: str) -> None:
    for person in (sent, wang):
        assert "身份证" not in person.press_key(key)
    assert states(office) == []


def test_after_removal_an_old_button_does_nothing(office: Office, sent: Person) -> None:
    office.run(people.remove(office.database, office.now, "test", 1, office.campaign.id))

    assert "邀请" in sent.press_key(FIRST)
    assert states(office) == []


@pytest.fixture
def passed(office: Office, sent: Person, zhao: Person) -> Person:
    """The clause that the file proves is verified."""
    ask(sent, "1.1")
    sent.press("有")
    reviewed(office, "zhao", "pass", "1.1")
    return sent


def test_what_is_verified_and_would_be_lost_is_said_to_all_three(office: Office, passed: Person, zhao: Person) -> None:
    card = office.run(scorecards.summary(office.database, office.campaign.id))[0]
    points = card.verified.total
    assert points

    assert f"已核会少 {points} 分（{points} → 0），【专人负责】要重新核。" in passed.press_key(FIRST)
    passed.send("发错了，是别人的身份证")
    assert f"已核会少 {points} 分" in zhao.rows()[-1]["text"]
    zhao.press("同意")
    assert f"已核少了 {points} 分（{points} → 0），【专人负责】要重新核。" in zhao.press("确认")
    assert f"已核少了 {points} 分" in passed.rows()[-1]["text"]


def test_asking_what_it_costs_changes_nothing(office: Office, passed: Person) -> None:
    before = office.run(scorecards.summary(office.database, office.campaign.id))

    passed.press_key(FIRST)

    assert office.run(scorecards.summary(office.database, office.campaign.id)) == before
    assert row(office).erased_at is None
    assert verified(office) == ((), [], [])


def test_a_file_nothing_verified_rests_on_costs_nothing(sent: Person) -> None:
    said = sent.press_key(FIRST)

    assert "已核" not in said
    assert "\n\n" not in said


def packed(office: Office, by: Person, whose: str) -> str:
    """Where the evidence pack lies that somebody has just had made."""
    by.send("导出 佐证包")
    by.press(whose)
    by.press("做佐证包")
    ref = next(row["file"]["ref"] for row in reversed(by.rows()) if row["file"])
    return str(office.files.path(ref))


@pytest.mark.parametrize("whose", ["全部单位", "孟河镇"])
def test_the_packs_it_was_exported_in_go_with_it(
    office: Office, sent: Person, wang: Person, zhao: Person, whose: str
) -> None:
    pack = packed(office, wang, whose)
    erase(sent, zhao)
    assert [one.file.of for one in verified(office)[2]] == ["第 1 份材料，孟河镇《身份证.pdf》", "导出过的佐证包"]

    assert clean(office) == 2

    assert not Path(pack).exists()
    assert verified(office) == ((), [], [])
    assert clean(office) == 0


def test_packs_of_before_and_of_others_stay(office: Office, chen: Person, wang: Person, zhao: Person) -> None:
    ask(chen, "1.1")
    chen.send_file("分工文件.pdf", content=b"%PDF-1.4 another")
    pack = packed(office, wang, "全部单位")
    chen.send_file("身份证.pdf")
    chen.press_key(keys.pack("erase", 1, 2))
    chen.send("发错了，是别人的身份证")
    zhao.press("同意")
    zhao.press("确认")

    assert clean(office) == 1
    assert Path(pack).exists()
    assert verified(office) == ((), [], [])


def test_a_pack_too_large_to_be_sent_goes_from_the_server_too(
    office: Office, sent: Person, wang: Person, zhao: Person
) -> None:
    kept = Path(packed(office, wang, "全部单位"))
    large = exports_of(office.files) / "佐证包_20261121-090000.zip"
    shutil.copy(kept, large)
    erase(sent, zhao)

    clean(office)

    assert (kept.exists(), large.exists()) == (False, False)
    assert verified(office) == ((), [], [])


def test_a_pack_that_was_sent_in_as_evidence_stays_evidence(
    office: Office, sent: Person, wang: Person, zhao: Person
) -> None:
    pack = packed(office, wang, "孟河镇")
    sent._event(files=(FileRef(Path(pack).name, "佐证包.zip", Path(pack).stat().st_size),))
    erase(sent, zhao)

    clean(office)

    assert Path(pack).exists()
    assert verified(office)[1] == []
