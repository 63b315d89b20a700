"""A line's plan read from one message: what is done, by whom, until when."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.year.rectify_plan import Plan, read

TODAY = date(2027, 2, 1)
DAY = date(2027, 2, 20)


@pytest.mark.parametrize(
    ("words", "measure", "who"),
    [
        ("补开例会并留纪要，王主任，2月20日", "补开例会并留纪要", "王主任"),
        ("补开例会，王建国，2月20日前完成", "补开例会", "王建国"),
        ("王建国，补开例会，2月20日", "补开例会", "王建国"),
        ("补开例会；由分管副镇长李明负责；2月20日", "补开例会", "分管副镇长李明"),
        ("补交四条，确保到位，2月20日，欧阳明", "补交四条，确保到位", "欧阳明"),
        ("补交四条，张三、李四，2月20日", "补交四条", "张三、李四"),
        ("补交四条，小王，2月20日", "补交四条", "小王"),
        ("补交四条，主任王强，2月20日", "补交四条", "主任王强"),
        ("补交四条，质监站，2月20日", "补交四条", "质监站"),
        ("补交四条，党政办 周敏，2月20日", "补交四条", "党政办 周敏"),
        ("措施：补交四条\n责任人：阿依古丽\n完成时间：2月20日", "补交四条", "阿依古丽"),
        ("补交四条，责任人Nurlan，2月20日", "补交四条", "Nurlan"),
    ],
)
def test_who_does_it_is_told_from_what_is_done(words: str, measure: str, who: str) -> None:
    assert read(words, TODAY) == Plan(measure, who, DAY)


@pytest.mark.parametrize(
    "words",
    [
        "补交四条，确保到位，2月20日",
        "补交四条，落实到位，2月20日前",
        "补开例会，严格管理，2月20日",
        "补开例会，常态化，2月20日",
        "补开例会，高标准完成，2月20日",
        "王主任，2月20日前",
    ],
)
def test_a_part_of_the_measure_is_nobody(words: str) -> None:
    assert read(words, TODAY).who == ""
