"""导出: what each role may have, made from what is stored; a forged or old button gives nothing."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from papers import RUBRIC, ask
from sqlalchemy import text
from talk import Office, Person

from channels import keys
from handlers.desk import exporting_papers
from rubrics import loader
from storage import evidence, people
from storage.roster import RosterUnit

KINDS = ["得分表", "佐证包", "自评报告", "附件1", "领导一页", "通报稿", "数据"]


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def proof(chen: Person) -> None:
    """孟河镇 has a plan, with its file."""
    ask(chen, "2.1")
    chen.send("有")
    chen.send_file("名牌培育规划.pdf")


def files(person: Person, act: Any) -> dict[str, bytes]:
    """What was sent by name, after somebody did something."""
    before = len(person.rows())
    act()
    sent = [row["file"] for row in person.rows()[before:] if row["file"] and not row["mine"]]
    return {file["name"]: person.office.files.path_of(file["ref"]).read_bytes() for file in sent}


def test_the_office_is_offered_everything(wang: Person) -> None:
    said = wang.send("/export")

    assert "导出什么" in said
    assert wang.labels == KINDS


def test_a_file_of_two_clauses_is_one_file_and_two_lines(office: Office, wang: Person, proof: None) -> None:
    async def attach() -> None:
        async with office.database.write() as connection:
            await evidence.attach_in(connection, office.now, 1, 1, 1, loader.load(RUBRIC), "2.2")

    office.run(attach())

    wang.send("导出佐证包 孟河")

    said = wang.rows()[-1]["text"]
    assert "1 份文件" in said
    assert "目录共 2 行（有的文件用在几处，多出 1 行）" in said


def test_a_pack_is_said_first_and_made_on_a_tap(office: Office, wang: Person, proof: None) -> None:
    wang.send("导出")
    wang.press("佐证包")
    said = wang.press("孟河镇")
    made = files(wang, lambda: wang.press("做佐证包"))

    assert "孟河镇的佐证包：1 份文件，0.1 MB" in said
    assert "目录共 1 行。" in said
    (content,) = made.values()
    assert list(made) == ["2026_孟河镇_佐证包.zip"]
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [
        "02_创名牌/2-1_名牌规划_孟河镇_2026-11-21.pdf",
        "目录.xlsx",
    ]
    assert list(office.files.folder.glob("incoming-*")) == []


def test_who_took_what_away_is_in_the_audit_trail(office: Office, wang: Person, proof: None) -> None:
    wang.send("导出 佐证包 孟河镇")
    (content,) = files(wang, lambda: wang.press("做佐证包")).values()

    async def trail() -> list[Any]:
        async with office.database.read() as connection:
            query = text("SELECT actor, subject FROM audit WHERE action = 'export.made'")
            return list((await connection.execute(query)).all())

    ((actor, subject),) = office.run(trail())
    expected = {"what": "pack", "unit": 1, "sha256": [hashlib.sha256(content).hexdigest()]}
    assert (actor, json.loads(subject)) == ("1", expected)


def test_a_pack_can_be_asked_for_in_one_line(wang: Person, proof: None) -> None:
    assert "孟河镇的佐证包：1 份文件" in wang.send("导出佐证包 孟河")
    assert "没有单位「火星镇」" in wang.send("导出 佐证包 火星镇")
    assert "西夏墅镇现在没有可以导出的内容" in wang.send("/export 佐证包 西夏墅镇")


def test_what_is_too_large_for_one_file_is_split_by_unit(
    office: Office, wang: Person, proof: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting_papers, "MOST_SENT_BYTES", 10)
    wang.send("导出 佐证包")
    said = wang.press("全部单位")
    before = len(wang.rows())
    told = wang.press("做佐证包")

    assert "会按单位分开" in said
    assert "孟河镇的佐证包有 0 MB，发不出来，放在服务器的" in told
    (kept,) = (office.files.folder.parent / "exports").iterdir()
    assert str(kept) in told
    assert "目录.xlsx" in zipfile.ZipFile(kept).namelist()
    assert all(row["file"] is None for row in wang.rows()[before:])


def test_a_pack_with_a_missing_file_says_so(office: Office, wang: Person, proof: None) -> None:
    wang.send("导出 佐证包 孟河镇")
    for path in list(office.files.folder.rglob("*")):
        if path.is_file():
            path.unlink()

    assert "孟河镇有 1 份文件缺失或内容不符，目录里标明了" in wang.press("做佐证包")


def test_the_score_table_is_the_one_asked_for(wang: Person, proof: None) -> None:
    wang.send("导出 得分表 孟河镇")
    assert wang.labels == ["按已核", "按有材料", "按自报"]

    made = files(wang, lambda: wang.press("按有材料"))

    book = openpyxl.load_workbook(io.BytesIO(made[f"2026_孟河镇_得分表_有材料_{_TOWNS}.xlsx"]))
    said = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    assert "得分：2" in said
    assert "有材料 · 截至 2026-11-21" in said


_TOWNS = "2011年各镇、街道质量振兴工作考核评分细则"


def test_of_hundreds_of_units_no_table_of_all_is_offered(tmp_path: Path) -> None:
    units = [RosterUnit(f"第{number}镇", "镇", (), (), ()) for number in range(41)]
    crowd = Office(tmp_path / "crowd", (RUBRIC,), units)
    wang = crowd.person("wang", "office")

    wang.send("导出 得分表")
    tables = wang.labels
    wang.send("导出 佐证包")
    packs = wang.labels
    wang.send("导出 得分表 第7镇")
    one = wang.labels
    crowd.close()

    assert (tables, packs, one) == ([], ["全部单位"], ["按已核", "按有材料", "按自报"])


def test_every_other_paper_comes_as_it_is_called(wang: Person, proof: None) -> None:
    wang.send("导出 自评报告")
    reports = files(wang, lambda: wang.press("全部单位"))
    page = files(wang, lambda: wang.send("导出 领导一页"))
    notice = files(wang, lambda: wang.send("导出 通报稿"))
    annex = files(wang, lambda: wang.send("导出 附件1 11月20日"))

    (packed,) = reports.values()
    assert sorted(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == sorted(
        f"2026_{unit}_自评报告.docx" for unit in ("孟河镇", "西夏墅镇", "环保局", "质监分局")
    )
    assert list(page) == ["2026_全部单位_领导一页.docx"]
    assert list(notice) == ["2026_全部单位_通报稿.docx"]
    assert list(annex) == ["2026_全部单位_附件1_2026-11-20.xlsx", "2026_全部单位_附件1_2026-11-20.docx"]
    for name, content in (page | notice | annex).items():
        assert (docx.Document if name.endswith("docx") else openpyxl.load_workbook)(io.BytesIO(content))


def test_annex_1_asks_for_its_day_in_any_notation(wang: Person) -> None:
    wang.send("导出")
    assert "要哪一天的" in wang.press("附件1")
    assert "没看懂日期" in wang.send("随便")
    assert "2026_全部单位_附件1_2026-06-30.xlsx" in files(wang, lambda: wang.send("二〇二六年六月三十日"))
    wang.send("导出")
    wang.press("附件1")
    assert "2026_全部单位_附件1_2026-11-21.xlsx" in files(wang, lambda: wang.press("现在的"))


def test_the_data_are_what_the_command_line_reads(wang: Person, proof: None) -> None:
    wang.send("导出 数据")
    (content,) = files(wang, lambda: wang.press("孟河镇")).values()

    archive = zipfile.ZipFile(io.BytesIO(content))
    assert json.loads(archive.read(f"孟河镇.{RUBRIC}.json")) == {"2.1": True}


def test_a_liaison_has_the_own_pack_and_report_only(chen: Person, proof: None) -> None:
    chen.send("导出")
    assert chen.labels == ["佐证包", "自评报告"]
    assert "“领导一页”只有考核办能导出。您可以导出：佐证包、自评报告" in chen.send("导出 领导一页")
    chen.send("导出 佐证包 西夏墅镇")  # whatever unit is named, it is the own one

    assert list(files(chen, lambda: chen.press("做佐证包"))) == ["2026_孟河镇_佐证包.zip"]
    assert list(files(chen, lambda: chen.send("导出 自评报告"))) == ["2026_孟河镇_自评报告.docx"]


def test_a_leader_has_the_one_page_only(office: Office) -> None:
    zhou = office.person("zhou", "leader")
    zhou.send("导出")

    assert zhou.labels == ["领导一页"]
    assert list(files(zhou, lambda: zhou.press("领导一页"))) == ["2026_全部单位_领导一页.docx"]


@pytest.mark.parametrize("role", ["provider", "expert", "stranger"])
def test_nobody_else_is_offered_anything(office: Office, role: str) -> None:
    unit = None if role == "expert" else "环保局"
    someone = Person(office, "li") if role == "stranger" else office.person("li", role, unit)

    said = someone.send("导出")

    assert "导出只有考核办" in said or "邀请码" in said
    assert not set(KINDS) & set(someone.labels)


HOWS = [("sheet", "verified"), ("pack", "p"), ("report", ""), ("annex", ""), ("page", ""), ("notice", ""), ("data", "")]


@pytest.mark.parametrize("role", ["liaison", "leader", "unit leader", "provider", "expert", "stranger"])
def test_a_forged_button_gives_nobody_what_is_not_theirs(office: Office, proof: None, role: str) -> None:
    unit = "西夏墅镇" if role in ("liaison", "unit leader", "provider") else None
    someone = Person(office, "li") if role == "stranger" else office.person("li", role.split()[-1], unit)
    mine = {"liaison": {("report", 2), ("pack", 2)}, "leader": {("page", 0), ("page", 1), ("page", 2)}}.get(role, set())

    for what, how in HOWS:
        for number in (0, 1, 2):
            for verb in ("export", "export-of", "export-go"):
                key = keys.pack(verb, 1, what, number, *([how] if verb == "export-go" else []))
                got = files(someone, lambda key=key: someone.press_key(key))  # type: ignore[misc]
                assert (what, number) in mine or (got == {} and "佐证包：" not in someone.rows()[-1]["text"])


@pytest.mark.parametrize(
    "key",
    [
        "export-go:1,pack,99,p:0", "export-go:2,pack,0,p:0", "export-go:1,pack,0,pp:0", "export-go:1,pack,0:0",
        "export-go:1,sheet,0,other:0", "export-go:1,sheet,0,s99999999999999:0", "export-go:1,nothing,0,p:0",
        "export:1:0", "export-of:,pack,:0", "export-go:1,annex,0,2026-13-45:0", "export-day:1,annex,0:0",
    ],
)  # fmt: skip
def test_a_damaged_button_is_told_to_be_stale(wang: Person, proof: None, key: str) -> None:
    assert "这个按钮对应的内容已经变了" in wang.press_key(key)


def test_a_snapshot_nobody_took_is_told_in_a_sentence(wang: Person, proof: None) -> None:
    said = wang.press_key("export-go:1,sheet,0,s7:0")

    assert "快照" in said
    assert "没有记下这一条" not in said


def test_who_was_removed_while_it_was_made_gets_nothing(office: Office, wang: Person, proof: None) -> None:
    wang.send("导出 佐证包 孟河镇")
    work = exporting_papers.evidence_packs

    async def removed(turn: Any, *about: Any) -> Any:
        made = await work(turn, *about)

        async def then() -> Any:
            result = await made()
            await people.remove(office.database, office.now, "test", 1, office.campaign.id)
            return result

        return then

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting_papers, "evidence_packs", removed)
        assert files(wang, lambda: wang.press("做佐证包")) == {}
