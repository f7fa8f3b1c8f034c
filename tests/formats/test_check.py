import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from zhibiao import formats
from zhibiao.cli.annotations import register
from zhibiao.formats import markup
from zhibiao.formats.check import check, check_apart
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity

ROOT = Path(__file__).parents[2]
GOOD = "⟦I1:税收⟧⟦A>I1:3亿元⟧"


def rules(marked):
    return [one.rule for one in check([markup.read(marked, "d")])]


@pytest.mark.parametrize(
    ("marked", "rule"),
    [
        ("⟦I1:税收，⟧⟦A>I1:3亿元⟧", "edge"),
        ("⟦I1:、税收⟧⟦A>I1:3亿元⟧", "edge"),
        ("⟦I1:“三公经费⟧⟦A>I1:3万元⟧", "edge"),
        ('⟦I1:"三公经费⟧⟦A>I1:3万元⟧', "edge"),
        ("⟦I1:税收（地方⟧）⟦A>I1:3亿元⟧", "bracket"),
        ("⟦I1:税收⟧近⟦A>I1:4亿元⟧", "approximation"),
        ("⟦I1:税收⟧不低于⟦A>I1:4亿元⟧", "approximation"),
        ("⟦I1:税收⟧大约⟦A>I1:4亿元⟧", "approximation"),
        ("⟦I1:税收⟧⟦A>I1:4亿元⟧以上", "approximation"),
        ("⟦I1:税收⟧⟦A>I1:4亿元⟧左右", "approximation"),
        ("⟦I1:税收⟧⟦A>I1:达4亿元⟧", "verb-in-value"),
        ("⟦I1:税收⟧⟦G>I1:增长5%⟧", "verb-in-value"),
        ("⟦I1:税收⟧⟦A>I1:累计4亿元⟧", "verb-in-value"),
        ("⟦I1:税收⟧1⟦A>I1:2亿元⟧", "half-number"),
        ("⟦I1:税收⟧1.⟦A>I1:2亿元⟧", "half-number"),
        ("⟦I1:税收⟧⟦Q>I1:12⟧3户", "half-number"),
        ("⟦I1:完成投资⟧⟦A>I1:2亿元⟧", "verb-in-indicator"),
        ("⟦I1:税收增速⟧⟦G>I1:5%⟧", "verb-in-indicator"),
        ("⟦I1:税收⟧增长⟦R>I1:5%⟧", "ratio-or-growth"),
        ("⟦I1:税收⟧同比下降⟦R>I1:5%⟧", "ratio-or-growth"),
        ("⟦I1:税收占比⟧为⟦G>I1:5%⟧", "ratio-or-growth"),
        ("⟦I1:税收⟧⟦Q>I1:5亿元⟧", "money-or-count"),
        ("⟦I1:税收⟧很多", "unused-indicator"),
        ("共⟦Q:5户⟧", "no-indicator"),
        ("⟦I1:税收⟧⟦A>I1,T0:3亿元⟧", "no-earlier-period"),
    ],
)
def test_a_breach_is_found(marked, rule):
    assert rule in rules(marked)


@pytest.mark.parametrize(
    "marked",
    [
        GOOD,
        "⟦I1:“三公”经费决算数⟧⟦A>I1:3万元⟧",
        '⟦I1:"三品一标"⟧⟦Q>I1:119个⟧',
        "⟦I1:行政支出（类）⟧⟦A>I1:近4亿元⟧",
        "⟦I1:税收⟧⟦A>I1:超过4亿元⟧，⟦I2:合格率⟧⟦R>I2:60以上%⟧",
        "通过⟦I1:税收⟧⟦A>I1:4亿元⟧",
        "最近⟦Q>I1:三家⟧⟦I1:企业⟧",
        "签约⟦Q>I1:三个⟧⟦I1:项目⟧",
        "⟦I1:税收⟧增长⟦G>I1:5%⟧，⟦I2:占比⟧提高到⟦R>I2:30%⟧",
        "⟦I1:人口自然增长率⟧⟦R>I1:6‰⟧",
        "⟦I1:死亡率⟧⟦Q>I1:0.6人/百亿元⟧，⟦I2:住房⟧⟦Q>I2:5个单元⟧",
        "⟦I1:税收⟧变化⟦G>I1:-32.13%⟧",
        "⟦I1:结余⟧⟦A>I1:3亿元⟧余额不多",
        "⟦P1:白里路⟧⟦A>P1:3亿元⟧以上项目",
        "⟦T1:2020年⟧\n⟦I1:税收⟧⟦A>I1,T0:3亿元⟧",
    ],
)
def test_what_is_right_is_left_alone(marked):
    assert rules(marked) == []


def test_a_line_break_and_white_space_are_found_in_formats_that_can_hold_them():
    document = AnnotatedDocument(
        id="d",
        text="甲路\n二期 ",
        entities=(
            AnnotatedEntity(id="e1", label="PROJECT", start=0, end=5),
            AnnotatedEntity(id="e2", label="PERIOD", start=5, end=6),
        ),
    )
    found = check([document])
    assert [one.rule for one in found] == ["line-break", "edge"]


def test_a_finding_shows_its_place():
    (found,) = check([markup.read("一、总体情况\r\n今年⟦I1:税收⟧近⟦A>I1:4亿元⟧，平稳", "d")])
    assert (found.document, found.line, found.severity) == ("d", 2, "fault")
    assert found.shown == "、总体情况 今年税收近⟦4亿元⟧，平稳"
    assert found.message == "AMOUNT: 近 before it belongs to the value"


def test_a_string_with_two_labels_is_told_where_it_is_the_rarer_one():
    often = markup.read("⟦P:白里路⟧、⟦P:城东大道⟧\n⟦P:白里路⟧⟦T:年内⟧通车", "a")
    once = markup.read("⟦I1:白里路⟧⟦Q>I1:3公里⟧", "b")
    (found,) = [one for one in check([often, once]) if one.rule == "two-labels"]
    assert (found.document, found.message) == ("b", "INDICATOR: the same words are PROJECT 2 times")
    rates = markup.read("⟦I1:税收⟧增长⟦G>I1:5%⟧，⟦I2:占比⟧⟦R>I2:5%⟧", "c")
    assert check([rates]) == []


def test_paragraphs_of_two_documents_are_told():
    long = "坚持稳中求进工作总基调，统筹推进各项工作，取得新的成效。"
    train = [markup.read(f"第一段。\n{long}", "a"), markup.read(f"{long}\n短", "b")]
    (found,) = check(train)
    assert (found.rule, found.severity, found.document) == ("repeated", "doubt", "b")
    spaced = markup.read(f"别的。\n　　{long[:5]} {long[5:]}", "h")
    (leak,) = check_apart(train, [spaced, markup.read("短", "i")])
    assert (leak.rule, leak.severity, leak.document, leak.line) == ("leak", "fault", "h", 2)


def test_the_shipped_gold_breaks_no_rule():
    gold = [*formats.read(ROOT / "annotations/seeds.jsonl"), *formats.read(ROOT / "annotations/written.jsonl")]
    assert [one for one in check(gold) if one.severity == "fault"] == []


def run(*arguments):
    app = Typer()
    register(app)
    return CliRunner().invoke(app, ["annotations", "check", *(str(argument) for argument in arguments)])


def test_the_command_tells_format_faults_and_breaches_of_all_files(tmp_path):
    (tmp_path / "broken.txt").write_text("⟦X⟧", encoding="utf-8")
    (tmp_path / "doubtful.txt").write_text("⟦I1:税收⟧近⟦A>I1:4亿元⟧，⟦Q:5户⟧", encoding="utf-8")
    done = run(tmp_path / "broken.txt", tmp_path / "doubtful.txt", "--json", tmp_path / "found.jsonl")
    assert done.exit_code == 1
    assert "broken.txt, line 1: '⟦X⟧': a stray bracket" in done.output
    told = "税收近⟦4亿元⟧，5户: AMOUNT: 近 before it belongs to the value; take the word into the span"
    assert f"fault approximation: doubtful, line 1 [3:6]: {told}" in done.output
    assert "1 documents: 1 format faults, 1 faults, 1 doubts" in done.output
    lines = (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["rule"] for line in lines] == ["approximation", "no-indicator"]


def test_the_command_passes_what_is_right_and_finds_leaks(tmp_path):
    long = "坚持稳中求进工作总基调，统筹推进各项工作，取得新的成效。"
    (tmp_path / "a.txt").write_text(f"{GOOD}\n{long}", encoding="utf-8")
    assert run(tmp_path / "a.txt").exit_code == 0
    done = run(tmp_path / "a.txt", "--held-out", tmp_path / "a.txt", "--no-doubts")
    assert done.exit_code == 1
    assert "fault leak: a, line 2" in done.output
