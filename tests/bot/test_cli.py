"""The command line as outsiders use it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rubrics import loader

ROOT = Path(__file__).parents[2]


def kaoping(*args: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"},
        timeout=60,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_every_command_has_help() -> None:
    for command in (
        [],
        ["rubric"],
        ["rubric", "list"],
        ["rubric", "show"],
        ["rubric", "check"],
        ["rubric", "diff"],
        ["score"],
        ["grade"],
    ):
        done = kaoping(*command, "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout


def test_score_prints_the_public_json() -> None:
    done = kaoping("score", "hunan", '{"31.1": 99.3, "32.1": 97.2}', "--json")

    got = json.loads(done.stdout)

    assert done.returncode == 0
    assert list(got)[:6] == ["rubric", "items", "bonus", "raw", "total", "max"]
    assert (got["items"]["31"], got["items"]["32"], got["items"]["1"]) == (13, 18, 0)
    assert (got["raw"], got["total"], got["max"], got["bonus"], got["grade"]) == (31, 31, 1060, 0, "不合格")
    line = next(line for line in got["lines"] if line["criterion"] == "31.1")
    assert (line["points"], line["of"]) == (13, 15)
    assert "99.3%" in line["why"]
    assert {"criterion", "gain", "to", "steps"} <= set(got["open"][0])


def test_a_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    facts = '{"10.1": true, "10.2": 3}'
    path = tmp_path / "facts.json"
    path.write_text(facts, encoding="utf-8")

    outputs = {
        kaoping("score", "xinbei-2011-towns", where, "--json", stdin=facts).stdout for where in (facts, str(path), "-")
    }

    assert len(outputs) == 1
    assert json.loads(outputs.pop())["total"] == 4


def test_json_lines_answer_line_by_line_and_a_bad_line_keeps_its_place() -> None:
    lines = '{"10.2": 4}\n{"10.2": "many"}\n\n{"10.2": 2}\n'

    done = kaoping("score", "xinbei-2011-towns", "-", "--json", stdin=lines)

    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [row.get("total") for row in out] == [3, None, None, 1]
    assert "10.2" in out[1]["error"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["scor"], "scor"),
        (["score"], "ID"),
        (["score", "hunan"], "FACTS"),
        (["score", "hunan", "{}", "x"], "x"),
        (["score", "nope", "{}"], "hunan"),
        (["score", "hunan", "{}", "--zz"], "--zz"),
        (["score", "hunan", "nofile.json"], "nofile.json"),
        (["score", "hunan", "."], "文件夹"),
        (["score", "hunan", "{bad"], "第1行"),
        (["score", "hunan", '{"1.1": NaN}'], "NaN"),
        (["score", "hunan", '{"1.1":"\\ud800"}'], "1.1"),
        (["grade", "changzhou", "1e-999999999"], "TOTAL"),
        (["score", "hunan", '{"99.9": 1}'], "99.9"),
        (["score", "hunan", '{"2.1": true, "2.1": false}'], "2.1"),
        (["score", "hunan", "{}", "--reading", "H2"], "H2"),
        (["score", "hunan", "{}", "--reading", "H2=x"], "scale"),
        (["score", "hunan", "{}", "--reading", "H9=x"], "H9"),
        (["score", "hunan", "{}", "--overlay", "nofile.yaml"], "nofile.yaml"),
        (["grade", "hunan", "abc"], "abc"),
        (["grade", "hunan", "NaN"], "NaN"),
        (["grade", "hunan", "1e30"], "1060"),
        (["grade", "changzhou", "--", "-1"], "-1"),
        (["grade", "xinbei-2011-towns", "90"], "xinbei-2011-towns"),
        (["rubric", "show", "nope"], "nope"),
        (["rubric", "diff", "hunan", "nope"], "nope"),
        (["rubric", "check", "nofile.yaml"], "nofile.yaml"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_gets_a_sentence_and_exit_2(args: list[str], word: str) -> None:
    done = kaoping(*args)

    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_good_lines_among_bad_ones_are_scored_in_their_place() -> None:
    done = kaoping("score", "xinbei-2011-towns", "-", "--json", stdin='{"10.2":4}\noops\n[1]\n{"zz":1}\n')

    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [row.get("total") for row in out] == [3, None, None, None]
    assert "第2行" in out[1]["error"]
    assert "第4行" in out[3]["error"]


def test_an_object_over_several_lines_is_one_document() -> None:
    done = kaoping("score", "hunan", "-", "--json", stdin='{\n"7.3":\n{"建档率": 80}\n}\n')

    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_an_empty_file_and_a_sixty_thousand_key_one_get_a_sentence_at_once() -> None:
    keys = ", ".join(f'"{n}": 1' for n in range(60_000))

    assert "是空的" in kaoping("score", "hunan", "-", stdin="").stderr
    assert "写了两遍" in kaoping("score", "hunan", "-", stdin=f'{{{keys}, "59999": 1}}').stderr


def test_rubric_check_takes_an_overlay() -> None:
    done = kaoping("rubric", "check", "examples/ziyang-weights.yaml")

    assert done.returncode == 0


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 100_000, "- " * 100_000 + "x", "id: " + "9" * 5000, 'points: "1e999999999"\n', "\x00"]
)
def test_rubric_check_survives_odd_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")

    done = kaoping("rubric", "check", str(path))

    assert done.returncode == 2
    assert "odd.yaml" in done.stderr
    assert "程序内部出错" not in done.stderr


def test_bytes_that_are_no_text_get_a_sentence() -> None:
    done = kaoping("score", "hunan", "-", stdin=b"\xff\xfe\x00{")

    assert done.returncode == 2
    assert "UTF-8" in done.stderr


@pytest.mark.parametrize(
    ("args", "grade"),
    [
        (["changzhou", "90"], "A"),
        (["changzhou", "89.99"], "B"),
        (["changzhou", "105", "--veto"], "D"),
        (["hunan", "800"], "合格"),
        (["hunan", "1060", "--veto"], "不予受理"),
        (["ziyang-2016", "94.5"], "B"),
        (["ziyang-2016", "94.5", "--reading", "R3=rounded"], "A"),
    ],
    ids=" ".join,
)
def test_grade_names_the_band(args: list[str], grade: str) -> None:
    done = kaoping("grade", *args, "--json")

    assert json.loads(done.stdout)["grade"] == grade
    assert done.returncode == 0


def test_rubric_show_prints_every_criterion_with_its_clause() -> None:
    for ident in loader.rubric_ids():
        got = json.loads(kaoping("rubric", "show", ident, "--json").stdout)
        criteria = [c for item in got["items"] for c in item["criteria"]]
        assert got["id"] == ident
        assert [c["id"] for c in criteria] == list(loader.load(ident).criteria)
        for c in criteria:
            assert {"id", "ask", "label", "kind", "points", "source", "readings"} <= set(c)
        assert {"id", "title", "note"} <= set(got["readings"][0])


def test_the_426_criteria_of_seven_rubrics_are_there() -> None:
    rows = json.loads(kaoping("rubric", "list", "--json").stdout)

    assert {row["id"]: row["criteria"] for row in rows} == {
        "changzhou": 100,
        "hunan": 113,
        "towns-2010": 44,
        "xinbei-2011-departments": 18,
        "xinbei-2011-tasks": 82,
        "xinbei-2011-towns": 44,
        "ziyang-2016": 25,
    }


def test_rubric_check_covers_the_printed_slips_and_exits_0() -> None:
    done = kaoping("rubric", "check")

    assert done.returncode == 0
    assert "0 处要改" in done.stdout
    assert "towns-2010.yaml" in done.stdout


def test_rubric_check_refuses_a_clerks_slip(tmp_path: Path) -> None:
    text = (loader.DATA / "xinbei-2011-towns.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("points: 15", "points: 16", 1), encoding="utf-8")

    done = kaoping("rubric", "check", str(path))

    assert done.returncode == 2
    assert "mine.yaml 第" in done.stderr
    assert "标准分是 16 分" in done.stderr


def test_rubric_diff_names_what_changed() -> None:
    done = kaoping("rubric", "diff", "towns-2010", "xinbei-2011-towns")

    assert done.returncode == 0
    assert "5.4" in done.stdout
    assert "5 → 4" in done.stdout


def test_the_text_form_explains_the_score() -> None:
    done = kaoping("score", "xinbei-2011-towns", "examples/menghe-2011.json")

    assert done.returncode == 0
    assert "总分" in done.stdout
    assert "食品合格率 88%" in done.stdout
    assert "再报 1 条得 1 分" in done.stdout
