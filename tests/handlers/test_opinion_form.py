"""核查意见 in the office's own form."""

from __future__ import annotations

import docx
import pytest
from talk import Office, Person
from visits import TOWNS, answer, joined, lock

from channels import keys


@pytest.fixture
def li(office: Office, chen: Person) -> Person:
    """李工, an expert of the group that visits 孟河镇, where 1.2 is claimed without proof."""
    wang, expert = joined(office, "wang", "王处", "office"), joined(office, "li", "李工", "expert")
    answer(office, "1.2", True)
    lock(office)
    wang.send("考核组 一组 王处、李工：孟河镇 12月3日")
    wang.press("确认")
    return expert


def test_the_offices_form_is_used_and_one_that_cannot_be_filled_is_named(office: Office, li: Person) -> None:
    folder = office.files.folder.parent / "templates"
    folder.mkdir()
    form = docx.Document()
    form.add_paragraph("本区核查意见：{{单位}}")
    form.add_paragraph("{{核查情况}}")
    form.save(str(folder / "核查意见.docx"))
    li.press_key(keys.pack("vs-see", 1, TOWNS.id, "1.2"))
    li.press("不符")
    li.send("纪要没有签到")
    li.press_key(keys.pack("vs-paper", 1))
    made = docx.Document(str(office.files.path_of(li.rows()[-1]["file"]["ref"])))
    (folder / "核查意见.docx").write_bytes(b"no zip")

    said = li.press_key(keys.pack("vs-paper", 1))

    assert made.paragraphs[0].text == "本区核查意见：孟河镇"
    assert [cell.text for cell in made.tables[0].rows[1].cells][2].endswith("不符，纪要没有签到")
    assert "templates/核查意见.docx：模板打不开" in said
