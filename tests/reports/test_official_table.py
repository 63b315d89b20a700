"""What an official table says: the printed columns, the engine's figures, reasons, and every honour."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from official_tables import AT, UNITS, ZONE, made, scored

from reports.methods import methods
from reports.official_layout import fields_of, layout_of
from reports.official_table import Honour, basis_of, cell, official
from reports.score_table import Done
from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts
from storage.scorecards import figures_of

DEPARTMENTS = Plan(loader.load("xinbei-2011-departments"))
CLEAN = {
    "1.1": False,
    "1.2": 0,
    "1.3": 0,
    "1.4": 0,
    "2.1": 0,
    "2.2": 0,
    "2.3": 2,
    "2.4": 0,
    "3.1": 0,
    "3.2": 0,
    "4.1": False,
    "4.2": 0,
    "4.3": 0,
    "5.1": False,
    "5.2": 0,
}


@pytest.mark.parametrize(
    ("rubric", "heads"),
    [
        ("towns-2010", "序号 考核内容 评分方法 标准分 实得分"),
        ("xinbei-2011-towns", "序号 考核内容 评分方法 标准分 实得分"),
        ("xinbei-2011-departments", "序号 考核内容 考核方法 分值 扣分原因 实得分 备注"),
        ("hunan", "指标项 指标内容 分值 考核评分方法 得分"),
        ("changzhou", "一级指标 二级指标 三级指标 考核要点 分值 得分"),
        ("ziyang-2016", "考核内容 序号 考核指标 考核要点 备注"),
        ("xinbei-2011-tasks", "序号 工作内容 工作内容 工作目标 牵头部门（责任部门） 配合部门（单位） 完成目标 备注"),
    ],
)
def test_the_columns_are_those_the_source_prints(rubric: str, heads: str) -> None:
    assert [column.head for column in made(scored(rubric)).layout.columns] == heads.split()


def test_what_the_unit_answered_and_the_office_did_not_review_is_not_called_unanswered() -> None:
    tasks = Plan(loader.load("xinbei-2011-tasks"))
    claimed = tasks.score(parse_facts(tasks.rubric, {"19.1": True}))
    about = ("孟河镇", "镇", "verified", "已核", AT)

    table = official(tasks.score({}), *about, claimed=claimed)
    notes = {note.split(" ")[0]: note for line in table.lines for note in line.notes}

    assert notes["19.1"].endswith("：还没核（自报 完成）")
    assert notes["19.2"].endswith("：还没填，暂记 0 分")  # nobody answered it
    bare = official(tasks.score({}), *about)
    assert not any("还没核" in note for line in bare.lines for note in line.notes)


def test_an_item_of_deductions_waits_for_the_review_of_what_is_answered() -> None:
    claimed = DEPARTMENTS.score(parse_facts(DEPARTMENTS.rubric, CLEAN))

    table = official(DEPARTMENTS.score({}), "质监分局", "部门", "verified", "已核", AT, claimed=claimed)
    lines = {line.item_id: line for line in table.lines}

    assert "2.3 质量专题会：还没核（自报 2 次）" in lines["2"].reasons
    assert lines["1"].reasons[-1] == "未考核：只有扣分的项目要全部核完才计分，还有 4 条没核"
    assert "4.1、4.2 等分解表里本单位的目标都核完才算" in lines["4"].reasons[-1]


def test_what_takes_all_of_an_item_is_told_once() -> None:
    facts = parse_facts(DEPARTMENTS.rubric, {**CLEAN, "1.1": {"领导小组": False, "工作班子": True}, "1.3": 1})

    lines = {line.number: line for line in made(DEPARTMENTS.score(facts)).lines}

    assert lines["1"].reasons == ("1.1 小组和班子：有不得分的情形，本项记 0 分", "1.3 有效运作：没做到，扣 10 分")


def test_once_frozen_nothing_is_told_to_be_still_open() -> None:
    plan = Plan(loader.load("xinbei-2011-tasks"))
    claimed = plan.score(parse_facts(plan.rubric, {"19.1": True}))

    table = official(plan.score({}), "孟河镇", "镇", "verified", "已核", AT, claimed=claimed, final=True)

    notes = {note.split(" ")[0]: note for line in table.lines for note in line.notes}
    assert notes["19.1"].endswith("：没有核定（自报 完成）")
    assert notes["19.2"].endswith("：没有填报")


@pytest.mark.parametrize("rubric", UNITS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_the_engines(rubric: str, seed: int) -> None:
    breakdown = scored(rubric, seed)

    table, figures = made(breakdown), figures_of(breakdown)

    shown = {line.item_id: line.scored for line in table.lines}
    if figures.rows:
        assert shown == {ident: Done(*figures.rows[ident]) for ident in shown}
        assert table.total == Done(sum(done.done == done.of for done in shown.values()), len(shown))
        return
    assert {ident: shown[ident] for ident in figures.items} == figures.items
    bonus = [s for s in breakdown.items if s.plan.item.role == "bonus"]
    assert sum((shown[s.plan.item.id] for s in bonus), Decimal(0)) == (figures.bonus or 0)  # type: ignore[misc]
    assert (table.total, table.grade) == (figures.total, figures.grade)


def test_it_names_its_score_and_its_snapshot_or_moment() -> None:
    assert basis_of(2026, "verified", "快照 3 · 2026-12-20", AT, ZONE) == "2026年度 · 已核 · 快照 3 · 2026-12-20"
    assert basis_of(2026, "claimed", "", AT, ZONE) == "2026年度 · 自报 · 截至 2026-12-20 09:30"
    assert made(scored("hunan"), score="proven").score == "有材料"


def test_a_deduction_stands_with_its_reason() -> None:
    facts = parse_facts(DEPARTMENTS.rubric, {**CLEAN, "2.3": 1, "4.2": 2, "5.1": True})

    lines = {line.number: line for line in made(DEPARTMENTS.score(facts)).lines}

    assert lines["1"].reasons == ()
    assert lines["2"].reasons == ("2.3 质量专题会：1 次，比 2 次少 1 次，扣 5 分",)
    assert lines["4"].reasons == ("4.2 任务完成数：少 2 项，扣 6 分",)
    assert lines["5"].reasons == ("5.1 本部门事故：有不得分的情形，本项记 0 分",)
    assert [lines[n].scored for n in "12345"] == [20, 15, 5, 19, 0]


def test_an_item_that_is_not_assessed_says_so() -> None:
    lines = made(DEPARTMENTS.score({})).lines

    assert (lines[0].scored, lines[0].reasons) == (0, ("未考核：只有扣分的项目要全部填完才计分，还有 4 条没填",))


def test_every_honour_is_noted_with_who_gave_it_its_level_and_number() -> None:
    facts = parse_facts(DEPARTMENTS.rubric, {**CLEAN, "6.1a": 1, "6.1c": 2})
    honoured = {
        "6.1a": [Honour("质量先进单位", "新北区人民政府", "区级", "常新政发〔2026〕3号")],
        "6.1c": [Honour("省质量工作先进集体", "江苏省人民政府", "省级"), Honour("质量标杆")],
    }

    table = made(DEPARTMENTS.score(facts), honoured=honoured)

    assert table.lines[5].notes == (
        "6.1a 区级荣誉：加 2 分",
        "· 质量先进单位（新北区人民政府，区级，常新政发〔2026〕3号）",
        "6.1c 省级荣誉：加 10 分",
        "· 省质量工作先进集体（江苏省人民政府，省级）",
        "· 质量标杆",
    )
    assert table.remarks == ()


def test_a_bonus_nobody_has_registered_says_so() -> None:
    facts = parse_facts(DEPARTMENTS.rubric, {"6.1b": 1})

    assert made(DEPARTMENTS.score(facts)).lines[5].notes[1] == "· 没有登记名称和文号"


def test_where_there_is_no_column_for_notes_honours_stand_beneath() -> None:
    plan = Plan(loader.load("xinbei-2011-towns"))

    table = made(plan.score(parse_facts(plan.rubric, {"3.3a": 1})), honoured={"3.3a": [Honour("省质量奖")]})

    assert table.remarks == ("加分项目：", "3.3a 省质量奖：加 2 分", "· 省质量奖")


def test_a_veto_and_a_chosen_reading_stand_beneath() -> None:
    changzhou = Plan(loader.load("changzhou"))
    veto = next(c.id for c in changzhou.rubric.criteria.values() if c.kind == "veto")
    towns = Plan(loader.load_with("xinbei-2011-towns", {"T6": "base100"}))

    assert made(changzhou.score({veto: True})).remarks == ("等次：D", "一票否决：等次定为 D")
    assert made(changzhou.score({})).remarks == ("等次：D",)
    assert made(towns.score({})).remarks == ("选用的读法：T6 base100",)


@pytest.mark.parametrize(
    ("rubric", "item", "printed"),
    [
        ("changzhou", "1", ("一、质量宏观管理（19分）", "（一）规划战略制定", "1、质量发展规划的制定与实施")),
        ("changzhou", "17", ("三、质量基础建设（12分）", "（十）人才建设", "17、口岸检验检疫综合能力建设")),
        ("changzhou", "27", ("四、质量结果（39分）", "（十四）质量基础结果", "27、认证、标准与技术机构建设成果")),
        ("changzhou", "bonus", ("", "", "加分项")),
        ("hunan", "4", ("质量文化", "", "形成符合城市特点的质量精神，并以多种形式宣传")),
        ("ziyang-2016", "1", ("质量目标（40分）", "", "产品质量量化指标")),
        ("ziyang-2016", "7", ("否决项", "", "区域性、系统性质量安全事件")),
        ("ziyang-2016", "8", ("社会评价", "", "政府质量工作社会公众满意度")),
    ],
)
def test_groups_and_titles_are_those_the_source_prints(rubric: str, item: str, printed: tuple[str, ...]) -> None:
    line = next(line for line in made(scored(rubric)).lines if line.item_id == item)

    assert (line.section, line.group, line.content[0]) == printed


def test_points_of_indicators_without_figures_have_a_row_each_as_printed() -> None:
    lines = [line for line in made(scored("ziyang-2016")).lines if line.item_id == "1"]

    assert [(line.number, line.content, line.method[0].split("：")[0]) for line in lines] == [
        ("1", ("产品质量量化指标",), name) for name in ("1.1 农产品合格率", "1.2 食药合格率", "1.3 工业品合格率")
    ]
    assert [line.notes[0].split("：")[0] for line in lines] == [line.method[0].split("：")[0] for line in lines]


def test_indicators_have_fourteen_smaller_groups() -> None:
    groups = dict.fromkeys(line.group for line in made(scored("changzhou")).lines if line.group)

    assert [group[1 : group.index("）")] for group in groups] == [
        *("一", "二", "三", "四", "五", "六", "七"),
        *("八", "九", "十", "十一", "十二", "十三", "十四"),
    ]


def test_indicators_without_smaller_groups_have_no_empty_column_for_them() -> None:
    rubric = loader.load("changzhou")
    bare = msgspec.structs.replace(
        rubric, items=tuple(msgspec.structs.replace(item, group=None) for item in rubric.items)
    )

    assert [column.head for column in layout_of(Plan(bare)).columns][:2] == ["一级指标", "三级指标"]


def test_a_head_that_stands_once_where_two_are_printed_has_both_beneath() -> None:
    assert fields_of(["序号", "工作内容", "工作目标"]) == ["number", "grouped", "method"]
    assert fields_of(["序号", "工作内容", "工作内容"]) == ["number", "section", "content"]
    line = official(scored("xinbei-2011-tasks"), "环保局", "部门", "claimed", "自报", AT).lines[0]
    assert cell(line, "grouped") == ("提高质量水平", *line.content)


def test_a_department_has_its_own_rows_of_the_tasks_table_alone() -> None:
    scoring = scored("xinbei-2011-tasks")

    own = official(scoring, "环保局", "部门", "claimed", "自报", AT)

    assert [line.item_id for line in own.lines] == ["4", "19", "20"]
    assert own.lines[0].lead == ("环保局",)
    first = own.lines[0]
    assert (first.number, first.section, first.content[0]) == ("1", "提高质量水平", "环境质量")


@pytest.mark.parametrize(
    ("rubric", "item", "said"),
    [
        ("xinbei-2011-towns", "1", "1.2 质量专题会：满 2 次得 2 分"),
        ("xinbei-2011-towns", "2", "2.5a 新增省名牌：2.4 完成后，每有 1 只加 2 分"),
        ("xinbei-2011-towns", "6", "6.2 三率达标：许可证合格率、食品合格率、整改率都做到得 5 分"),
        ("xinbei-2011-towns", "6", "6.5 责任制与事故：责任制落实没做到或者发生重大质量事故，本项不得分"),
        (
            "xinbei-2011-towns",
            "9",
            "9.2 分类分级台帐：达到 60% 得 6 分，每少 5% 扣 1 分（不足一步按一步算），扣到 0 分为止",
        ),
        ("xinbei-2011-towns", "10", "10.2 信息上报：达到 4 条得 3 分，每少 1 条扣 1 分，扣到 0 分为止"),
        ("xinbei-2011-departments", "2", "2.3 质量专题会：达到 2 次不扣分，每少 1 次扣 5 分"),
        ("xinbei-2011-departments", "4", "4.3 联席会缺席：每发生 1 次扣 5 分"),
        ("hunan", "1", "1.1 质量发展规划：规划措施已出台 20 分，正在制定中 10 分，尚未着手制定 0 分"),
        ("changzhou", "1", "没有写分数的要点平分：每条 1.33 分"),
        ("ziyang-2016", "1", "1.1 农产品合格率：达到当年下达的要求"),
        ("xinbei-2011-tasks", "1", "1.1 质量安全事故：没有发生"),
    ],
)
def test_a_clause_is_worded_from_its_data(rubric: str, item: str, said: str) -> None:
    loaded = loader.load(rubric)

    assert said in methods(loaded, next(one for one in loaded.items if one.id == item))


def test_every_clause_of_every_rubric_has_its_method() -> None:
    for rubric in map(loader.load, UNITS):
        for item in rubric.items:
            said = methods(rubric, item)
            assert [line.split(" ")[0] for line in said[: len(item.criteria)]] == [c.id for c in item.criteria]
            assert all(line.rpartition("：")[2] and "None" not in line and "  " not in line for line in said), said


def test_no_template_or_layout_names_a_rubric() -> None:
    rooms = Path(__file__).parents[2] / "reports"
    texts = [path.read_text(encoding="utf-8") for path in rooms.glob("*.py")]

    assert [ident for ident in UNITS if any(f'"{ident}"' in text for text in texts)] == []
