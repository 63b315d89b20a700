"""整改 on paper from the chat: the office has all units' list, a unit its own list and report, nobody else anything."""

from __future__ import annotations

from datetime import date, datetime

import docx
import pytest
from talk import ZONE, Office, Person
from year_end import set_phase


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def begun(office: Office, chen: Person, wang: Person) -> Office:
    set_phase(office, "自评", date(2026, 12, 1), date(2026, 12, 15))
    set_phase(office, "通报", date(2027, 1, 31), date(2027, 1, 31))
    office.now = datetime(2027, 2, 1, 10, tzinfo=ZONE)
    wang.send("整改")
    assert "清单表格" not in wang.labels
    wang.press("开始整改")
    wang.press("仍要开始")
    return office


def files(person: Person) -> list[str]:
    return [row["file"]["name"] for row in person.rows() if row["file"]]


def test_the_office_has_the_list_of_all_units_and_of_one(begun: Office, wang: Person) -> None:
    wang.send("整改")
    wang.press("清单表格")
    wang.press_key("rectify-unit:1:0")
    wang.press("清单表格")
    wang.press("整改报告")

    assert files(wang) == ["2026_全部单位_整改清单.xlsx", "2026_孟河镇_整改清单.xlsx", "2026_孟河镇_整改报告.docx"]


def test_a_unit_has_its_own_list_and_report(begun: Office, chen: Person) -> None:
    chen.send("整改")
    chen.press("清单表格")
    chen.press("整改报告")

    assert files(chen) == ["2026_孟河镇_整改清单.xlsx", "2026_孟河镇_整改报告.docx"]


def test_nobody_else_has_anything(begun: Office, chen: Person) -> None:
    others = {
        "another liaison": begun.person("liu", "liaison", "西夏墅镇"),
        "an expert": begun.person("li", "expert"),
        "a provider": begun.person("pan", "provider", "环保局"),
        "a stranger": Person(begun, "nobody"),
    }

    for who, person in others.items():
        for verb in ("rectify-sheet", "rectify-paper"):
            for parts in ("1", "0", "", "99", "1,1"):
                assert person.press_key(f"{verb}:{parts}:0")
        assert files(person) == [], who
    chen.press_key("rectify-sheet:2:0")
    chen.press_key("rectify-sheet:0:0")
    assert files(chen) == []


def test_before_it_has_begun_there_is_no_list(office: Office, wang: Person) -> None:
    assert "还没有整改清单" in wang.press_key("rectify-sheet:0:0")
    assert "没有改动" in wang.press_key("rectify-paper:0:0")
    assert "没有改动" in wang.press_key("rectify-sheet:99:0")


def test_the_offices_own_form_is_used_and_one_that_cannot_be_filled_is_named(begun: Office, chen: Person) -> None:
    folder = begun.files.folder.parent / "templates"
    folder.mkdir()
    form = docx.Document()
    form.add_paragraph("本区自己的整改报告")
    form.add_paragraph("{{整改情况}}")
    form.save(str(folder / "整改报告.docx"))
    chen.send("整改")
    chen.press("整改报告")
    ref = chen.rows()[-1]["file"]["ref"]
    (folder / "整改报告.docx").write_bytes(b"no zip")

    said = chen.press("整改报告")

    assert docx.Document(str(begun.files.path_of(ref))).paragraphs[0].text == "本区自己的整改报告"
    assert "templates/整改报告.docx：模板打不开" in said
