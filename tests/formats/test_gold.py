"""The gold data that ships: it reads, and the seeds' gold annotates the seeds as they are."""

from pathlib import Path

import pytest

from zhibiao import formats
from zhibiao.formats import markup
from zhibiao.schema import Label

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seeds():
    return formats.read(ROOT / "annotations" / "seeds.jsonl")


def test_the_gold_of_the_seeds_has_their_text(seeds):
    for document in seeds:
        assert document.text.encode() == (ROOT / "seeds" / f"{document.id}.txt").read_bytes()
    assert len(seeds) == len(list((ROOT / "seeds").glob("*.txt"))) == 5


def test_every_document_says_what_it_is(seeds):
    written = formats.read(ROOT / "annotations" / "written.jsonl")
    assert len(written) == 64
    for document in seeds + written:
        assert {"title", "genre", "year", "source", "licence"} <= set(document.meta)
        assert {entity.label for entity in document.entities} <= set(Label)


def test_the_gold_can_be_annotated_on_in_the_mark_up(seeds):
    for document in seeds:
        again = markup.read(markup.write(document), document.id)
        assert (again.entities, again.relations) == (document.entities, document.relations)
