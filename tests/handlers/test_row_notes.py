"""存在问题: a department says what stands in the way of its rows and what it will do; 附件1 has it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from talk import Office, Person

from channels import keys

TASKS = "xinbei-2011-tasks"


@pytest.fixture
def huan(office: Office) -> Person:
    """环保局's liaison, unit 3."""
    return office.person("huan", "liaison", "环保局")


def test_a_department_writes_about_its_rows_and_the_annex_has_it(office: Office, huan: Person) -> None:
    wang = office.person("wang", "office")
    assert "4 环境质量 0/11（还没写）" in huan.send("存在问题")
    assert huan.labels == ["4 环境质量", "19 宣传", "20 培训"]

    huan.press("4 环境质量")
    huan.send("河道整治进度慢")
    said = huan.send("年底前完成清淤")

    assert "存在问题：河道整治进度慢\n下步打算：年底前完成清淤" in said
    assert "4 环境质量 0/11：河道整治进度慢" in huan.send("存在问题")
    wang.send("导出 附件1 今天")
    file = next(row["file"] for row in wang.rows() if row["file"] and row["file"]["name"].endswith("xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(office.files.path_of(file["ref"]).read_bytes())).worksheets[0]
    assert ["河道整治进度慢", "年底前完成清淤"] in [[row[5].value, row[6].value] for row in sheet.iter_rows()]


def test_what_is_too_long_is_asked_for_again(huan: Person) -> None:
    huan.press_key(keys.pack("row-note", 3, TASKS, "4"))

    assert "最多 500 个字" in huan.send("长" * 501)
    assert "下步打算怎么做" in huan.send("无")
    assert "最多 500 个字" in huan.send("长" * 501)
    assert "存在问题：无" in huan.send("保持")


@pytest.mark.parametrize(
    "parts", [(4, TASKS, "1"), (3, TASKS, "1"), (3, TASKS, "99"), (3, "xinbei-2011-towns", "1"), (3,)]
)
def test_rows_of_others_take_no_words(huan: Person, parts: tuple[str | int, ...]) -> None:
    assert "这个按钮对应的内容已经变了" in huan.press_key(keys.pack("row-note", *parts))


def test_who_has_no_rows_is_told_so(office: Office, chen: Person) -> None:
    assert "孟河镇牵头的任务" in chen.send("存在问题")  # the rows all units share
    assert "考核办不用填报" in office.person("wang", "office").send("存在问题")
    assert "邀请码" in Person(office, "li").send("存在问题")
