"""What changed from the towns' rubric of 2010 to that of 2011 (register: readings, section 5)."""

from __future__ import annotations

from rubrics.compare import Change, compare
from rubrics.loader import load

CHANGES = compare(load("towns-2010"), load("xinbei-2011-towns"))
TITLES = {item.title for ident in ("towns-2010", "xinbei-2011-towns") for item in load(ident).items}


def clause(ident: str) -> Change:
    """The change of a clause by its id of 2011."""
    (change,) = [change for change in CHANGES if change.item and change.new == ident and change.label not in TITLES]
    return change


def item(ident: str) -> Change:
    (change,) = [change for change in CHANGES if change.item == ident and change.label in TITLES]
    return change


def clauses_of(ident: str) -> list[Change]:
    return [change for change in CHANGES if change.item == ident and change.label not in TITLES]


def only_changed(ident: str) -> set[str | None]:
    return {change.new for change in clauses_of(ident) if change.kind != "same"}


def test_the_development_zone_offices_are_no_longer_assessed() -> None:
    whole = CHANGES[0]

    assert (whole.kind, whole.old, whole.new) == ("changed", "towns-2010", "xinbei-2011-towns")
    assert whole.details == ("考核对象：各镇、街道、园区办 → 各镇、街道",)


def test_no_item_is_new_or_dropped_or_worth_other_points() -> None:
    items = [item(str(n)) for n in range(1, 11)]

    assert {change.kind for change in items} == {"same", "changed"}
    assert [detail for change in items for detail in change.details if detail.startswith("分值")] == []


def test_items_1_and_10_and_all_their_clauses_are_the_same() -> None:
    changes = [item("1"), *clauses_of("1"), item("10"), *clauses_of("10")]

    assert len(changes) == 1 + 5 + 1 + 2
    assert {(change.kind, change.details) for change in changes} == {("same", ())}


def test_item_2_drops_winning_by_quality_and_adds_industrial_parks_and_services() -> None:
    change = item("2")

    assert change.details == ("内容：去掉 推进以质取胜战略；增加 加大四大产业园的名牌培育、积极培育服务业名牌",)


def test_2_5_says_added_instead_of_gained() -> None:
    assert only_changed("2") == {"2.5a", "2.5b"}
    assert clause("2.5a").details == ("印作：新增1只省名牌得2分 → 新增1只省名牌加2分",)
    assert clause("2.5b").details == ("印作：新增1只市名牌得1分 → 新增1只市名牌加1分",)


def test_item_3_asks_for_ten_enterprises_instead_of_half_of_the_brands() -> None:
    (detail,) = item("3").details

    assert "去掉 开展质量信用评价、争取50%以上省级名牌企业全面启动质量信用评价" in detail
    assert "增加 推进质量信用评价、年内力争10家企业通过A级质量信用评价" in detail


def test_3_2_is_a_task_handed_down_instead_of_a_rate() -> None:
    change = clause("3.2")

    assert change.kind == "changed"
    assert "计分方式：比率 → 是否" in change.details
    assert "达标线：50 → 无" in change.details
    assert "目标：无 → 区里下达（家）" in change.details


def test_3_3_says_added_instead_of_gained() -> None:
    assert only_changed("3") == {"3.2", "3.3a", "3.3b"}
    assert clause("3.3a").details == ("印作：新增1只省质量奖得2分 → 新增1只省质量奖加2分",)
    assert clause("3.3b").details == ("印作：新增1只市质量奖得1分 → 新增1只市质量奖加1分",)


def test_4_4_counts_leading_drafters_and_local_standards_too() -> None:
    assert item("4").kind == "same"
    assert only_changed("4") == {"4.4a", "4.4b"}
    assert clause("4.4a").details == ("印作：国标负责起草单位加2分 → 国标主导起草单位加2分",)
    assert clause("4.4b").details == (
        "范围：增加 地标",
        "印作：行标负责起草单位加1分 → 行标或地标主导起草单位加1分",
    )


def test_item_5_asks_for_management_systems_and_honest_measuring() -> None:
    (detail,) = item("5").details

    assert "去掉 推进集贸市场、眼镜店、医院等计量示范单位创建" in detail
    assert "增加 餐饮、商店（超市）、加油站、卫生院建立计量管理体系、评比诚信计量示范单位" in detail


def test_5_1_drops_a_word_only() -> None:
    assert clause("5.1").details == ("印作：得1分 → 1分",)


def test_5_4_falls_from_five_points_to_four_and_adds_two_kinds_of_places() -> None:
    change = clause("5.4")

    assert change.kind == "changed"
    assert "范围：增加 计生指导站、社会福利机构" in change.details
    assert "分值：5 → 4" in change.details
    assert "印作：得5分 → 4分" in change.details


def test_5_5_rewards_another_kind_of_model_unit() -> None:
    assert only_changed("5") == {"5.1", "5.4", "5.5"}
    assert clause("5.5").details == ("印作：省级计量示范单位1家加1分 → 诚信计量示范单位1家加1分",)


def test_6_3_says_that_quality_inspections_count() -> None:
    assert item("6").kind == "same"
    assert clause("6.3").details == ("印作：有一个不合格扣2分 → 质量抽检有一个不合格扣2分",)


def test_6_4_takes_five_points_once_instead_of_two_each() -> None:
    change = clause("6.4")

    assert change.kind == "changed"
    assert "每次：2 → 5" in change.details
    assert "只计一次：否 → 是" in change.details
    assert "印作：故意拒检拒抽的经核实有1个扣2分 → 发生企业拒检拒抽的扣5分" in change.details


def test_7_4_names_regional_cases_instead_of_major_ones() -> None:
    change = clause("7.4")

    assert only_changed("7") == {"7.4"}
    assert "印作：凡……不得分 → 不得分" in change.details
    (conditions,) = [detail for detail in change.details if "区域性案件" in detail]
    assert "去掉 重大案件" in conditions
    assert "增加 区域性案件" in conditions


def test_8_1_drops_a_word_only() -> None:
    assert only_changed("8") == {"8.1"}
    assert clause("8.1").details == ("印作：得4分 → 4分",)


def test_item_9_adds_grading_standard_management_and_gas_cylinder_codes() -> None:
    (detail,) = item("9").details

    assert detail == (
        "内容：增加 60%的使用单位完成分类分级并建台帐、60%的使用单位实施标准化管理、在用气瓶基本实现安全条码管理"
    )


def test_9_2_of_2010_is_9_1_of_2011_with_four_points_instead_of_five() -> None:
    change = clause("9.1")

    assert (change.kind, change.old, change.new) == ("changed", "9.2", "9.1")
    assert "分值：5 → 4" in change.details


def test_9_3_of_2010_is_9_2_of_2011_with_six_points_instead_of_two_and_another_base() -> None:
    change = clause("9.2")

    assert (change.kind, change.old, change.new) == ("changed", "9.3", "9.2")
    assert "分值：2 → 6" in change.details
    assert "目标：100 → 60" in change.details  # T6: the base each year's text is read with


def test_item_9_gains_deductions_for_accidents_and_loses_two_clauses() -> None:
    changes = clauses_of("9")

    assert [(c.kind, c.old, c.new) for c in changes] == [
        ("changed", "9.2", "9.1"),
        ("changed", "9.3", "9.2"),
        ("new", None, "9.3a"),
        ("new", None, "9.3b"),
        ("dropped", "9.1a", None),
        ("dropped", "9.1b", None),
    ]


def test_every_clause_of_both_years_is_told_once() -> None:
    clauses = [change for n in range(1, 11) for change in clauses_of(str(n))]

    assert sorted(c.old for c in clauses if c.old) == sorted(load("towns-2010").criteria)
    assert sorted(c.new for c in clauses if c.new) == sorted(load("xinbei-2011-towns").criteria)


def test_a_rubric_compared_with_itself_has_no_difference() -> None:
    rubric = load("hunan")

    assert {change.kind for change in compare(rubric, rubric)} == {"same"}


def test_clauses_of_rubrics_that_do_not_follow_each_other_are_paired_by_id_only() -> None:
    changes = compare(load("xinbei-2011-towns"), load("towns-2010"))

    assert {(c.old, c.new) for c in changes if c.item == "9" and c.old and c.new} == {("9", "9"), ("9.2", "9.2")}
