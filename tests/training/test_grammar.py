"""The grammar that is fitted to annotated reports."""

from pathlib import Path

from training.grammar import PRIORS, fit, main
from zhibiao.facts import link
from zhibiao.facts.grammar import parse_grammar
from zhibiao.formats import native
from zhibiao.schema import Entity

SEEDS = Path(__file__).parents[2] / "annotations" / "seeds.jsonl"


def test_a_fitted_grammar_links_what_it_was_fitted_to(tmp_path):
    out = tmp_path / "grammar.json"
    main([str(out), str(SEEDS)])
    grammar = parse_grammar(out.read_text("utf-8"))
    right = count = 0
    for document in native.read(SEEDS.read_text("utf-8")):
        entities = [
            Entity(id=one.id, label=one.label, start=one.start, end=one.end, text=document.text[one.start : one.end])
            for one in document.entities
        ]
        found = {(one.value, one.target, one.type) for one in link(document.text, entities, grammar=grammar)}
        gold = {(one.source, one.target, one.type) for one in document.relations}
        right, count = right + len(found & gold), count + max(len(found), len(gold))
    assert right / count > 0.95


def test_what_reports_say_rarely_keeps_its_prior():
    grammar = fit(native.read(SEEDS.read_text("utf-8").splitlines()[0]))
    assert grammar["weights"]["status"]["budget|list:b"] == PRIORS["status"]["budget|list:b"]
    assert all(name in grammar["weights"][question] for question, prior in PRIORS.items() for name in prior)
