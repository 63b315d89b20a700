"""Files of proof in the conversation: under the open question, or waiting to be sorted; never another unit's."""

from __future__ import annotations

import pytest
from talk import Office, Person

from channels import keys
from storage import evidence

RUBRIC = "xinbei-2011-towns"


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, RUBRIC, criterion))


def files_of(office: Office, criterion: str) -> list[str]:
    async def read() -> list[str]:
        async with office.database.read() as connection:
            return [use.evidence.name for use in await evidence.of_clause_in(connection, 1, RUBRIC, criterion)]

    return office.run(read())


def test_a_file_while_a_question_is_open_belongs_to_it(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    said = chen.send_file("会议纪要.pdf", "签到表.pdf")

    assert "收到 2 份材料，已归到【质量专题会】" in said
    assert files_of(office, "1.2") == ["会议纪要.pdf", "签到表.pdf"]
    assert "回执" in chen.send("两次")  # the question is still open


def test_a_file_without_a_question_waits_until_it_is_said_what_it_proves(office: Office, chen: Person) -> None:
    said = chen.send_file("微信图片_2011.jpg", content=b"\xff\xd8\xff\xe0 jpeg")

    assert "待归类材料" in said
    chen.press("归类")
    chen.press("组织领导")
    assert "已归到【年度计划】" in chen.press("年度计划")
    assert files_of(office, "1.4") == ["微信图片_2011.jpg"]
    assert "没有待归类的材料" in chen.send("材料")


def test_a_strangers_file_is_not_filed(office: Office) -> None:
    stranger = Person(office, "x")

    assert "邀请码" in stranger.send_file("a.pdf")


@pytest.mark.parametrize("key", ["sort:2:0", "sort-item:2,xinbei-2011-towns,1:0", "use:2,xinbei-2011-towns,1.4:0"])
def test_another_units_material_cannot_be_reached(office: Office, chen: Person, key: str) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.send_file("secret-plan.pdf")

    assert "secret-plan" not in chen.press_key(key)
    assert files_of(office, "1.4") == []
