"""导出 by the scores or the day that is meant: snapshots by number, what a paper rests on is said, templates of the office."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from papers import ask
from talk import Office, Person

from reports import bulletin, self_report_paper
from storage import snapshots


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office, after two snapshots."""
    ask(chen, "2.1")
    chen.send("有")
    chen.send_file("名牌培育规划.pdf")

    async def take() -> None:
        async with office.database.write() as connection:
            for name in ("一季度", "二季度"):
                await snapshots.take_in(connection, office.now, "cli", office.campaign.id, "2026", name)

    office.run(take())
    return office.person("wang", "office")


def sent(wang: Person, act: Any) -> dict[str, bytes]:
    """The files that came by name."""
    before = len(wang.rows())
    act()
    files = [row["file"] for row in wang.rows()[before:] if row["file"] and not row["mine"]]
    return {file["name"]: wang.office.files.path_of(file["ref"]).read_bytes() for file in files}


def told(wang: Person) -> str:
    """What was said beside the files."""
    return next(row["text"] for row in reversed(wang.rows()) if not row["file"])  # type: ignore[no-any-return]


def words(content: bytes) -> str:
    opened = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def test_every_snapshot_is_offered_for_a_table_and_can_be_typed(wang: Person) -> None:
    wang.send("导出 得分表 孟河镇")
    assert wang.labels == ["快照2", "快照1", "按已核", "按有材料", "按自报"]

    made = sent(wang, lambda: wang.send("导出 得分表 孟河镇 快照1"))

    assert all("快照1" in name for name in made)
    assert "快照 1「一季度」" in told(wang)
    assert "全部单位" in next(iter(sent(wang, lambda: wang.send("导出 得分表 快照2"))))
    assert "没有第 9 号快照，现有：1、2" in wang.send("导出 得分表 快照9")


def test_the_notice_says_which_scores_it_has_and_offers_the_others(wang: Person) -> None:
    (newest,) = sent(wang, lambda: wang.send("导出 通报稿")).values()
    assert "快照 2「二季度」" in told(wang)

    (now,) = sent(wang, lambda: wang.press("按现在的")).values()
    assert "还不是定格的快照" in told(wang)
    (first,) = sent(wang, lambda: wang.send("导出 通报稿 快照1")).values()

    assert "快照 2「二季度」" in words(newest)
    assert "还不是定格的快照" in words(now)
    assert "快照 1「一季度」" in words(first)


def test_a_day_still_to_come_is_no_day_of_annex_1(wang: Person) -> None:
    assert "2026年12月31日还没到" in wang.send("导出 附件1 12月31日")

    made = sent(wang, lambda: wang.send("6月30日"))

    assert "2026_全部单位_附件1_2026-06-30.xlsx" in made
    assert "依据：截至 2026-06-30 23:59" in told(wang)


def test_a_pack_is_named_for_what_is_in_it(wang: Person) -> None:
    wang.send("导出 佐证包 孟河镇")
    assert "文件内容不改" in told(wang)

    made = sent(wang, lambda: wang.press("隐去证件号"))

    assert list(made) == ["2026_孟河镇_佐证包_隐去证件号.zip"]


def test_hidden_numbers_and_withdrawn_files_go_together(wang: Person, chen: Person) -> None:
    wang.send("导出 佐证包 孟河镇")
    assert wang.labels == ["做佐证包", "隐去证件号"]
    chen.press_key("proof:1,xinbei-2011-towns,2.1:0")
    chen.press("撤回")
    chen.send_file("名牌培育规划二.pdf")

    wang.send("导出 佐证包 孟河镇")
    made = sent(wang, lambda: wang.press("连撤回的并隐去"))

    assert list(made) == ["2026_孟河镇_佐证包_含已撤回_隐去证件号.zip"]


@pytest.mark.parametrize(
    ("paper", "name", "blank"),
    [
        ("通报稿", bulletin.TEMPLATE, bulletin.blank),
        ("自评报告 孟河镇", self_report_paper.TEMPLATE, self_report_paper.blank),
    ],
    ids=["notice", "report"],
)
def test_the_offices_own_form_takes_the_place_of_ours(
    office: Office, wang: Person, paper: str, name: str, blank: Any
) -> None:
    own = docx.Document(io.BytesIO(blank()))
    own.paragraphs[0].insert_paragraph_before("新北区质量强区工作领导小组办公室文件")
    folder = office.files.folder.parent / "templates"
    folder.mkdir()
    own.save(str(folder / name))

    (content,) = sent(wang, lambda: wang.send(f"导出 {paper}")).values()

    said = words(content)
    assert said.startswith("新北区质量强区工作领导小组办公室文件\n")
    assert "{{" not in said
    assert "2011年各镇、街道质量振兴工作考核评分细则" in said


def test_a_form_that_cannot_be_filled_is_named_and_nothing_is_sent(office: Office, wang: Person) -> None:
    folder = office.files.folder.parent / "templates"
    folder.mkdir()
    (folder / "通报稿.docx").write_bytes(b"no zip")

    made = sent(wang, lambda: wang.send("导出 通报稿"))

    assert made == {}
    assert "没有做出来：templates/通报稿.docx：模板打不开" in told(wang)
