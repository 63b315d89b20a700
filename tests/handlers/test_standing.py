"""我的得分, 清单 and 下一项: where a unit stands, what is missing, and the best next thing."""

from __future__ import annotations

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from rubrics.tasks import asked
from storage import office_facts, people

TOWNS = loader.load("xinbei-2011-towns")


def answer(person: Person, criterion: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))
    return person.send(words)


def test_the_own_scores_are_three_with_what_lacks_and_what_gains(office: Office, chen: Person) -> None:
    answer(chen, "1.2", "两次")  # 2 points, needs 会议通知 and 会议纪要
    answer(chen, "10.2", "4条")  # 3 points

    said = chen.send("我的得分")

    assert "已核 0 / 有材料 0 / 自报 5（满分 100）" in said
    assert "需补充 2 条" in said
    assert "质量专题会：还差 会议通知、会议纪要" in said
    assert "分类分级台帐：达到 60% 得 6 分" in said


def test_proof_moves_points_from_claimed_to_proven(chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.4"))
    chen.send_file("年度实施计划.pdf")
    answer(chen, "1.4", "有")

    assert "有材料 2 / 自报 2" in chen.send("我的得分")


def test_what_the_office_booked_counts_in_all_three(office: Office, chen: Person) -> None:
    answer(chen, "6.1", "是")  # 5 points without proof
    office.person("wang", "office")

    async def book() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "wang")
            about = (member.person_id, 1, TOWNS, "6.3", 1)
            await office_facts.book_in(connection, office.now, *about, "常市监〔2026〕12号")

    office.run(book())

    assert "自报 3" in chen.send("我的得分")  # 5 − 2


def test_scores_are_not_said_in_a_group_and_no_code_is_used_there(office: Office, chen: Person) -> None:
    code = office.invite("liaison", "西夏墅镇")

    for words in ("我的得分", "清单", "下一项", code):
        said = chen.send(words, in_group=True)
        assert "私聊" in said
        assert "孟河镇" not in said
    assert "西夏墅镇" in Person(office, "li").start(code)


def test_a_bonus_inside_an_item_explains_itself(chen: Person) -> None:
    for criterion, words in (("7.1", "有"), ("7.2", "是"), ("7.3", "两条")):
        answer(chen, criterion, words)

    said = chen.send("清单")

    assert "7. 打假  14/10 分（基本 10 ＋ 加分 4）  填完，需补充 3" in said
    assert "1. 组织领导  0/10 分  还有 5 条，还差 10 分" in said


def test_an_item_shows_each_clause_with_what_was_filled_in(chen: Person) -> None:
    answer(chen, "10.1", "有")
    answer(chen, "10.2", "不清楚")

    chen.send("清单")
    said = chen.press("宣传信息")

    assert "讲座培训：有，需补充" in said
    assert "信息上报：不清楚" in said
    assert chen.labels == ["讲座培训", "信息上报", "下一项", "清单"]


def fill_all_but(person: Person, left: str) -> None:
    for clauses in asked(TOWNS, "孟河镇", "镇").values():
        for clause in clauses:
            if clause.id != left:
                answer(person, clause.id, "不清楚")
    tasks = loader.load("xinbei-2011-tasks")
    for clauses in asked(tasks, "孟河镇", "镇").values():
        for clause in clauses:
            person.press_key(keys.pack("ask", 1, tasks.id, clause.id))
            person.send("不清楚")


def test_when_all_is_answered_the_next_thing_is_the_proof_that_lacks(chen: Person) -> None:
    fill_all_but(chen, "1.4")
    answer(chen, "1.4", "有")

    said = chen.send("下一项")

    assert "【年度计划】填的是：有" in said
    assert "还差：年度实施计划" in said
    assert "年度实施计划" in chen.send_file("年度实施计划.pdf")
    assert "材料也不缺" in chen.send("下一项")
    assert "提交自评" in chen.labels


def test_proof_that_is_skipped_comes_again_after_the_rest(chen: Person) -> None:
    fill_all_but(chen, "1.4")
    answer(chen, "1.4", "有")
    chen.send("下一项")

    chen.press("跳过")

    assert "还差：年度实施计划" in chen.send("下一项")


@pytest.mark.parametrize("key", ["submit:2:0", "next:2:0", "list:2:0", "item:1,xinbei-2011-towns,99:0"])
def test_another_units_list_is_not_shown(chen: Person, key: str) -> None:
    assert "西夏墅镇" not in chen.press_key(key)


def test_a_list_of_counts_says_how_many_have_their_proof(chen: Person) -> None:
    answer(chen, "2.4", "是")
    answer(chen, "2.5a", "2只")

    said = chen.send("我的得分")

    assert "新增省名牌：还差 " in said
    assert "（2 只里材料齐的 0 只）" in said
