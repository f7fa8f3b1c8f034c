"""300 sentences of our own, twenty of each structure that such reports use, with the facts that they state."""

from collections import Counter

import pytest

from tests.facts.planted import CASES, extract, stated


def test_each_structure_is_planted_often_enough():
    structures = Counter(case["id"].rsplit("-", 1)[0] for case in CASES)
    assert len(CASES) == 300
    assert min(structures.values()) >= 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_planted_facts_are_found(case):
    facts, _ = extract(case["text"], case["entities"], case.get("reference_year"))
    by_id = {fact.id: fact for fact in facts}
    found = [stated(fact, by_id) for fact in facts]
    assert sorted(found, key=_in_order) == sorted(case["facts"], key=_in_order)


def _in_order(fact):
    return sorted(fact.items())
