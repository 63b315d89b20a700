"""专家评分: experts judge unseen by each other, the office confirms one of the allowed figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import evidence, people, unit_facts, verdicts
from storage.editions import in_force
from storage.roster import RosterUnit

HUNAN = in_force("hunan", {})
CLAUSE = "26.1"
UNITS = [RosterUnit("浏阳市", "市", (), (), ()), RosterUnit("宁乡市", "市", (), (), ())]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", ("hunan",), UNITS)
    yield made
    made.close()


@pytest.fixture
def experts(office: Office) -> tuple[Person, Person]:
    """Two experts."""
    return office.person("li", "expert"), office.person("zhou", "expert")


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def see(person: Person, verb: str = "jd-see", unit_id: int = 1, ident: str = CLAUSE) -> str:
    return person.press_key(keys.pack(verb, unit_id, HUNAN.id, ident))


def judge(person: Person, mark: str, words: str = "形式多样，群众知道", unit_id: int = 1) -> str:
    see(person, unit_id=unit_id)
    person.press(mark)
    return person.send(words)


def known(office: Office) -> unit_facts.UnitFacts:
    return office.run(unit_facts.read(office.database, 1, HUNAN))  # type: ignore[no-any-return]


def send_proof(office: Office, person: Person) -> None:
    """A file comes as proof of the clause."""
    person.send_file("现场记录.pdf")

    async def attach() -> None:
        async with office.database.write() as connection:
            (file, *_) = await evidence.unsorted_in(connection, 1)
            await evidence.attach_in(connection, office.now, 1, 1, file.id, HUNAN, CLAUSE)

    office.run(attach())


def test_an_expert_gives_an_allowed_figure_with_a_sentence(office: Office, experts: tuple[Person, Person]) -> None:
    li, _ = experts
    text = li.send("专家评分")
    assert "浏阳市【质量宣传评分】还没打" in text

    text = li.press("浏阳市")
    assert HUNAN.criteria[CLAUSE].ask in text
    assert li.labels == ["20 分", "10 分", "5 分", "返回"]
    assert "为什么" in li.press("10 分")
    assert "已记下" in li.send("渠道偏少")

    assert "浏阳市【质量宣传评分】已打" in li.send("专家评分")
    assert CLAUSE not in known(office).verified


def test_the_files_are_shown(office: Office, experts: tuple[Person, Person]) -> None:
    chen = office.person("chen", "liaison", "浏阳市")
    send_proof(office, chen)

    text = see(experts[0])

    assert "现场记录.pdf" in text
    assert [row["file"]["name"] for row in experts[0].rows() if row["file"]] == ["现场记录.pdf"]


def test_others_figures_are_shown_only_after_ones_own(experts: tuple[Person, Person]) -> None:
    li, zhou = experts
    judge(li, "20 分", "村村响都有")

    assert "村村响" not in see(zhou)
    assert "20 分，" not in zhou.send("专家评分")
    judge(zhou, "10 分")

    assert "20 分，村村响都有" in see(zhou)


def test_a_figure_without_a_sentence_is_asked_again(office: Office, experts: tuple[Person, Person]) -> None:
    li, _ = experts

    assert "理由" in judge(li, "20 分", "好")
    assert "已记下" in li.send("形式多样")


def test_the_office_sees_all_and_confirms_one(office: Office, experts: tuple[Person, Person], wang: Person) -> None:
    judge(experts[0], "20 分", "村村响都有")
    judge(experts[1], "10 分", "渠道偏少")

    assert "浏阳市【质量宣传评分】2 位专家打了分" in wang.send("专家评分")
    text = wang.press("浏阳市")
    assert "村村响都有" in text
    assert "渠道偏少" in text
    assert "一样近的取低的" in text
    assert wang.labels[0] == "定 10 分"

    text = wang.press("定 10 分")

    assert "2 位专家打分 20、10，取最接近平均分的一档" in text
    assert known(office).verified[CLAUSE] == 10
    assert "已定 10 分" in wang.send("专家评分")


def test_what_changed_since_an_opinion_is_judged_anew(
    office: Office, experts: tuple[Person, Person], wang: Person
) -> None:
    chen = office.person("chen", "liaison", "浏阳市")
    judge(experts[0], "20 分")
    see(wang, "jx-see")
    key = wang.key("定 20 分")
    send_proof(office, chen)

    assert "刚改过" in wang.press_key(key)
    assert "不算，等重新打" in see(wang, "jx-see")
    assert "请重新打一次" in see(experts[0])
    assert CLAUSE not in known(office).verified


def test_a_figure_for_an_earlier_version_is_not_kept(office: Office, experts: tuple[Person, Person]) -> None:
    chen = office.person("chen", "liaison", "浏阳市")
    see(experts[0])
    key = experts[0].key("20 分")
    send_proof(office, chen)

    assert "没有记下任何分" in experts[0].press_key(key)


def test_forged_figures_and_clauses_are_refused(experts: tuple[Person, Person], wang: Person) -> None:
    basis = "0" * 8
    for parts in ((1, HUNAN.id, CLAUSE, basis, 9), (1, HUNAN.id, "1.1", basis, 0), (99, HUNAN.id, CLAUSE, basis, 0)):
        assert "没有改动任何东西" in experts[0].press_key(keys.pack("jd-mark", *parts))
        assert "没有改动任何东西" in wang.press_key(keys.pack("jx-set", *parts))
    assert "没有记下任何分" in experts[0].press_key(keys.pack("jd-mark", 1, HUNAN.id, CLAUSE, basis, 0))


def test_an_expert_never_judges_a_unit_they_belong_to(office: Office, experts: tuple[Person, Person]) -> None:
    li, _ = experts
    li.start(office.invite("liaison", "浏阳市"))

    assert "浏阳市" not in li.send("专家评分")
    assert "回避" in see(li)
    assert "宁乡市" in see(li, unit_id=2)


def test_the_office_confirms_nothing_of_its_own_unit(
    office: Office, experts: tuple[Person, Person], wang: Person
) -> None:
    judge(experts[0], "20 分")
    see(wang, "jx-see")
    key = wang.key("定 20 分")
    wang.start(office.invite("liaison", "浏阳市"))

    assert "本单位的事不能自己定" in wang.press_key(key)
    assert CLAUSE not in known(office).verified


@pytest.mark.parametrize(("role", "unit"), [("liaison", "宁乡市"), ("leader", None), ("provider", "宁乡市")])
def test_each_other_role_gets_nothing(
    office: Office, experts: tuple[Person, Person], role: str, unit: str | None
) -> None:
    judge(experts[0], "20 分", "村村响都有")
    basis = known(office).bases.of(CLAUSE)[:8]
    other = office.person("other", role, unit)

    said = [other.send("专家评分"), see(other), see(other, "jx-see")]
    said += [other.press_key(keys.pack(verb, 1, HUNAN.id, CLAUSE, basis, 0)) for verb in ("jd-mark", "jx-set")]

    assert not [text for text in said if "村村响" in text or "20 分" in text]
    assert all("考核办" in text for text in said)
    assert CLAUSE not in known(office).verified


def test_an_expert_confirms_nothing_and_a_removed_one_says_nothing(
    office: Office, experts: tuple[Person, Person]
) -> None:
    li, _ = experts
    judge(li, "20 分")
    basis = known(office).bases.of(CLAUSE)[:8]

    assert "只有考核办" in li.press_key(keys.pack("jx-set", 1, HUNAN.id, CLAUSE, basis, 0))
    see(li)
    key = li.key("5 分")
    office.run(people.remove(office.database, office.now, "test", 1, office.campaign.id))
    assert "邀请" in li.press_key(key)
    assert "邀请" in see(Person(office, "nobody"))
    assert CLAUSE not in known(office).verified


def test_a_verdict_of_experts_is_one_of_theirs(office: Office, experts: tuple[Person, Person], wang: Person) -> None:
    judge(experts[0], "5 分", "只有横幅")
    see(wang, "jx-see")
    wang.press("定 5 分")

    async def read() -> Any:
        async with office.database.read() as connection:
            return await verdicts.history_in(connection, 1, HUNAN.id, CLAUSE)

    (verdict,) = office.run(read())
    assert (verdict.kind, verdict.how, verdict.fact) == ("change", "expert", 5)
