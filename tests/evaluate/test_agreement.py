import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import annotation, pairs, span
from typer import Typer
from typer.testing import CliRunner

from zhibiao.cli.annotations import register
from zhibiao.evaluate import SpanKey
from zhibiao.evaluate.agreement import agree, cohen_kappa, disagreements

TOTAL, AMOUNT, ROAD = span("INDICATOR", "总产值"), span("AMOUNT", "46.78亿元"), span("PROJECT", "白里路")


def test_kappa_is_that_of_the_textbook():
    # Cohen (1960): 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no give (0.7 - 0.5) / 0.5.
    judgements = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen_kappa(judgements) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=30))
def test_kappa_is_symmetric_and_at_most_one(judgements):
    kappa = cohen_kappa(judgements)
    assert kappa <= 1
    assert kappa == pytest.approx(cohen_kappa([(other, one) for one, other in judgements]))
    assert cohen_kappa([(one, one) for one, _ in judgements]) == 1


@given(pairs())
def test_agreement_does_not_ask_who_is_first(made):
    found, turned = agree(made), agree([(second, first) for first, second in made])
    assert found.scores["spans"].f1 == pytest.approx(turned.scores["spans"].f1)
    assert found.kappa == pytest.approx(turned.kappa)
    assert agree([(first, first) for first, _ in made]).kappa == 1


def test_links_are_compared_where_both_ends_are_agreed():
    first = annotation([TOTAL, AMOUNT, ROAD], [(AMOUNT, "indicator", TOTAL), (AMOUNT, "project", ROAD)])
    second = annotation([TOTAL, AMOUNT], [(AMOUNT, "indicator", TOTAL)], {AMOUNT: "target"})
    found = agree([(first, second)])
    assert found.links_between_agreed.f1 == 1
    assert found.scores["links"].f1 == pytest.approx(2 / 3)
    assert found.status_agreed == 0
    assert found.kappa > found.kappa_of_marked


def test_a_longer_span_costs_one_character_of_kappa():
    longer = SpanKey(AMOUNT.label, AMOUNT.start - 1, AMOUNT.end)
    found = agree([(annotation([AMOUNT]), annotation([longer]))])
    assert found.scores["spans"].f1 == 0
    assert found.kappa > 0.9
    (difference,) = disagreements([(annotation([AMOUNT]), annotation([longer]))])
    assert (difference["kind"], difference["first"]["text"], difference["second"]["text"]) == (
        "boundary",
        "46.78亿元",
        "值46.78亿元",
    )


def test_the_command_shows_and_writes_the_agreement(tmp_path):
    for name, marked in [("a", "⟦I1:税收⟧⟦A>I1:3亿元⟧"), ("b", "⟦I1:税收⟧⟦A!t:3亿元⟧")]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.txt").write_text(marked, encoding="utf-8")
    app = Typer()
    register(app)
    figures, differences = tmp_path / "agreement.json", tmp_path / "differences.jsonl"
    arguments = ["annotations", "agree", tmp_path / "a", tmp_path / "b"]
    arguments += ["--json", figures, "--disagreements", differences]
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    assert json.loads(figures.read_text(encoding="utf-8"))["f1"]["spans"] == 1
    kinds = [json.loads(line)["kind"] for line in differences.read_text(encoding="utf-8").splitlines()]
    assert sorted(kinds) == ["link missed", "status"]
