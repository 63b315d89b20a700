"""What goes into an evidence pack, under which name, and what its index says of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from proof_world import BUREAU, DEPARTMENTS, JPEG, MENGHE, TASKS, TOWNS, XIXIASHU, World
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from reports.pack import Pack, Wish
from reports.pack_names import spelled
from storage import clues, evidence
from storage.roster import RosterUnit

IDENTITY = "11010519491231002X"
DAY = date(2026, 3, 14)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


def paths(pack: Pack) -> list[str]:
    return [line.path for line in pack.files]


def states(pack: Pack) -> list[tuple[str, str]]:
    return [(line.sent_as, line.state) for line in pack.lines]


def test_files_lie_by_item_under_the_name_of_what_they_prove(world: World) -> None:
    meeting = world.entry("1.2", "质量工作专题会议", DAY)
    world.proves(world.file("IMG_1.jpg", JPEG), "1.2", entry_id=meeting)
    world.proves(world.file("规划.pdf", dated_on=date(2026, 2, 1)), "2.1")
    world.proves(world.file("奖励.pdf"), "2.2")

    assert paths(world.pack()) == [
        "01_组织领导/1-2_质量工作专题会议_孟河镇_2026-03-14.jpg",
        "02_创名牌/2-1_名牌规划_孟河镇_2026-02-01.pdf",
        "02_创名牌/2-2_名牌奖励_孟河镇_2026-11-21.pdf",
    ]


def test_a_line_of_the_index_says_all_there_is_to_say(world: World) -> None:
    meeting = world.entry("1.2", "质量工作专题会议", DAY)
    file = world.proves(world.file("纪要.pdf", number="孟政办〔2026〕12号"), "1.2", entry_id=meeting, part=1)

    (line,) = world.pack().lines

    assert (line.unit, line.item, line.clause, line.part) == (
        "孟河镇",
        f"1 {TOWNS.items[0].title}",
        "1.2 质量专题会",
        "会议纪要",
    )
    assert (line.name, line.sent_as, line.number, line.state) == (
        "质量工作专题会议",
        "纪要.pdf",
        "孟政办〔2026〕12号",
        "现行",
    )
    assert (line.dated_on, line.received_at.isoformat()) == (DAY, "2026-11-21T09:00:00+08:00")
    assert (line.ref, line.size_bytes, line.version) == (file.ref, file.size_bytes, "")


def test_a_replaced_file_shows_its_version_and_the_old_one_stays_outside(world: World) -> None:
    old = world.proves(world.file("旧.pdf", dated_on=DAY), "2.1")
    middle, new = world.file("中.pdf", dated_on=DAY), world.file("新.pdf", dated_on=DAY)
    world.do(evidence.replace_in, MENGHE, old.id, middle.id)
    world.do(evidence.replace_in, MENGHE, middle.id, new.id)

    plain, complete = world.pack(), world.pack(wish=Wish(withdrawn=True))

    assert paths(plain) == ["02_创名牌/2-1_名牌规划_孟河镇_2026-03-14_v3.pdf"]
    assert states(plain) == [("旧.pdf", "已替换"), ("中.pdf", "已替换"), ("新.pdf", "现行")]
    assert [line.version for line in plain.lines] == ["第 1 版，共 3 版", "第 2 版，共 3 版", "第 3 版，共 3 版"]
    assert [path[-7:] for path in paths(complete)] == ["_v1.pdf", "_v2.pdf", "_v3.pdf"]


def test_withdrawn_files_are_told_and_packed_only_where_asked(world: World) -> None:
    file = world.proves(world.file("撤回.pdf"), "2.1")
    world.do(evidence.withdraw_in, MENGHE, file.id)

    assert (states(world.pack()), paths(world.pack())) == ([("撤回.pdf", "已撤回")], [])
    assert paths(world.pack(wish=Wish(withdrawn=True))) == ["02_创名牌/2-1_名牌规划_孟河镇_2026-11-21.pdf"]


def test_what_is_only_named_and_what_waits_is_in_the_index(world: World) -> None:
    world.note("1.1", "offline", "分工文件", place="县档案室 3 号柜")
    world.file("不知道是什么.pdf")

    offline, waiting = world.pack().lines

    assert (offline.name, offline.place, offline.state, offline.path) == ("分工文件", "县档案室 3 号柜", "线下核验", "")
    assert waiting.path == "99_待归类材料/不知道是什么_孟河镇_2026-11-21.pdf"


def test_a_document_that_is_only_named_is_told_with_its_number(world: World) -> None:
    clause = next(c.id for c in TOWNS.criteria.values() if c.proof != "none" and c.proof.by_number)
    world.note(clause, "number", "关于成立领导小组的通知", number="孟政发〔2026〕3号")

    (line,) = world.pack().lines

    said = (line.name, line.number, line.state, line.path, line.ref)
    assert said == ("关于成立领导小组的通知", "孟政发〔2026〕3号", "只报文号", "", "")


def test_a_file_for_two_items_lies_in_both_folders_and_once_in_each(world: World) -> None:
    file = world.file("文件.pdf")
    for clause in ("2.1", "2.2", "4.1"):
        world.proves(file, clause)

    made = world.pack()

    assert len(made.lines) == 3
    assert paths(made) == [
        "02_创名牌/2-1_名牌规划_孟河镇_2026-11-21.pdf",
        "04_标准化/4-1_标准化推进_孟河镇_2026-11-21.pdf",
    ]


def test_two_units_with_the_same_file_name_are_told_apart(world: World) -> None:
    for unit in (MENGHE, XIXIASHU):
        for name in ("规划.pdf", "规划（2）.pdf"):
            world.proves(world.file(name, unit=unit, dated_on=DAY), "2.1")

    assert paths(world.pack(None)) == [
        "孟河镇/02_创名牌/2-1_名牌规划_孟河镇_2026-03-14.pdf",
        "孟河镇/02_创名牌/2-1_名牌规划_孟河镇_2026-03-14_2.pdf",
        "西夏墅镇/02_创名牌/2-1_名牌规划_西夏墅镇_2026-03-14.pdf",
        "西夏墅镇/02_创名牌/2-1_名牌规划_西夏墅镇_2026-03-14_2.pdf",
    ]


def test_units_whose_names_look_alike_do_not_overwrite_one_another(tmp_path: Path) -> None:
    world = World(tmp_path / "alike", [RosterUnit("a/镇", "镇", (), (), ()), RosterUnit("A／镇", "镇", (), (), ())])
    for unit in (1, 2):
        world.proves(world.file("规划.pdf", unit=unit, dated_on=DAY), "2.1")

    found = [path.casefold() for path in paths(world.pack(None))]
    world.close()

    assert len(set(found)) == 2


def test_a_thousand_files_that_would_be_called_the_same_are_told_apart(world: World) -> None:
    first = world.proves(world.file("规划.pdf", dated_on=DAY), "2.1")

    async def many(connection: AsyncConnection, *_: object) -> None:
        columns = "campaign_id, unit_id, name, size_bytes, kind, macro, person_id, received_at, dated_on, number"
        copied = f"INSERT INTO evidence (sha256, {columns}) SELECT :ref, {columns} FROM evidence WHERE id = :id"
        using = "rubric_id, criterion_id, part, place, attached_at, person_id"
        used = f"INSERT INTO evidence_use (evidence_id, {using}) SELECT :new, {using} FROM evidence_use LIMIT 1"
        for number in range(2, 1001):
            await connection.execute(text(copied), {"ref": f"{number:064x}", "id": first.id})
            await connection.execute(text(used), {"new": number})

    world.do(many)
    made = world.pack()

    assert len({spelled(path) for path in paths(made)}) == 1000
    assert paths(made)[-1] == "02_创名牌/2-1_名牌规划_孟河镇_2026-03-14_1000.pdf"


def test_two_rubrics_of_a_unit_have_folders_of_their_own(world: World) -> None:
    world.proves(world.file("计划.pdf", unit=BUREAU), "2.1", DEPARTMENTS)
    world.proves(world.file("抽检.pdf", unit=BUREAU), "1.2", TASKS)

    folders = {path.rpartition("/")[0] for path in paths(world.pack(BUREAU))}

    assert len({folder.split("/")[0] for folder in folders}) == 2
    assert {folder.split("/")[1][:3] for folder in folders} == {"02_", "01_"}


def test_clues_are_in_no_pack(world: World) -> None:
    told = world.file("举报照片.jpg", JPEG)
    by_clause = world.proves(world.file("线索记录.pdf"), "7.3")
    both = world.proves(world.proves(world.file("两处.pdf"), "7.3"), "2.1")
    same = world.proves(told, "2.2")
    world.do(clues.add_in, MENGHE, "某店卖假货", [{"ref": same.ref, "name": "举报照片.jpg", "size_bytes": 9}])

    made = world.pack(wish=Wish(withdrawn=True))

    assert made.files == ()
    assert {line.state for line in made.lines} == {"线索不入包"}
    said = str(made.lines)
    assert not any(word in said for word in ("举报照片", "线索记录", "两处", by_clause.ref, both.ref, same.ref, "某店"))


def test_id_and_mobile_numbers_are_hidden_where_asked(world: World) -> None:
    name = f"证书{IDENTITY} 13812345678"
    world.proves(world.file(f"{name}.pdf"), "2.1")
    award = world.entry("3.3a", f"质量奖{IDENTITY}", DAY)
    world.proves(world.file("奖.pdf"), "3.3a", entry_id=award)
    world.note("1.1", "offline", name, place=f"柜 {IDENTITY}")

    plain, hidden = str(world.pack()), str(world.pack(wish=Wish(hide_identities=True, hide_mobiles=True)))

    assert IDENTITY in plain
    assert "13812345678" in plain
    assert IDENTITY not in hidden
    assert "13812345678" not in hidden
    assert "质量奖110105＊＊＊＊＊＊＊＊002X_孟河镇" in hidden


def test_of_an_erased_file_only_hash_and_reason_to_look_for_it_are_left(world: World) -> None:
    file = world.proves(world.file("发错了.pdf"), "2.1")

    async def erase(connection: AsyncConnection, *_: object) -> None:
        gone = {"at": "2026-11-21T02:00:00.000000Z", "id": file.id}
        await connection.execute(text("UPDATE evidence SET withdrawn_at = :at, erased_at = :at WHERE id = :id"), gone)

    world.do(erase)

    (line,) = world.pack(wish=Wish(withdrawn=True)).lines

    assert (line.state, line.ref, line.path, line.name, line.sent_as) == ("已清除", file.ref, "", "", "")


def test_a_pack_of_nothing_is_empty_and_no_error(world: World) -> None:
    made = world.pack(None)

    assert (made.lines, made.files, made.size_bytes) == ((), (), 0)
