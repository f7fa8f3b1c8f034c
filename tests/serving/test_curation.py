"""Agreement of two annotators, and splits."""

from __future__ import annotations

import pytest

from tests.serving.conftest import problem_of, service
from zhibiao.formats import markup, native
from zhibiao.schema import AnnotatedDocument

FIRST = "⟦T1:2020年⟧，⟦I1:规模工业增加值⟧⟦A>I1,T1:46.78亿元⟧。"
SECOND = "⟦T1:2020年⟧，规模⟦I1:工业增加值⟧⟦A>T1!t:46.78亿元⟧。"


@pytest.fixture
def client(tmp_path):
    with service(home=tmp_path) as connected:
        yield connected


def add(client, dataset: str, *documents: AnnotatedDocument) -> None:
    answer = client.post(f"/v1/datasets/{dataset}/documents", content=native.write(documents).encode())
    assert answer.status_code == 201


def numbered(count: int) -> list[AnnotatedDocument]:
    return [AnnotatedDocument(id=f"d{number}", text=f"税收{number}亿元。") for number in range(count)]


def test_two_annotators_are_compared_on_what_both_have(client):
    add(client, "甲", markup.read(FIRST, "x", "r"), *numbered(1))
    add(client, "乙", markup.read(SECOND, "x", "r"))
    found = client.get("/v1/datasets/甲/agreement", params={"other": "乙"}).json()
    assert (found["documents"], found["only_first"], found["only_second"]) == (1, ["d0"], [])
    assert found["f1"]["spans:PERIOD"] == 1
    assert found["f1"]["spans:INDICATOR"] == 0
    assert 0 < found["kappa"] < 1
    kinds = {one["kind"] for one in found["disagreements"]}
    assert found["disagreements_found"] == len(found["disagreements"])
    assert {"boundary", "status"} <= kinds


def test_data_sets_without_a_document_in_common_cannot_be_compared(client):
    add(client, "甲", *numbered(1))
    add(client, "乙", AnnotatedDocument(id="other", text="税收。"))
    answer = client.get("/v1/datasets/甲/agreement", params={"other": "乙"})
    assert answer.status_code == 422
    assert "no document id in common" in problem_of(answer)["errors"][0]["detail"]
    assert client.get("/v1/datasets/甲/agreement", params={"other": "丙"}).status_code == 404


def test_a_split_puts_every_document_on_one_side(client):
    twice = AnnotatedDocument(id="copy", text=numbered(1)[0].text)
    add(client, "全部", *numbered(10), twice)
    made = client.post("/v1/datasets/全部/split", json={"train": "训练", "held_out": "留出", "share": 0.3})
    assert made.status_code == 201
    assert [info["name"] for info in made.json()] == ["训练", "留出"]
    train, held_out = (native.read(client.get(f"/v1/datasets/{name}/documents").text) for name in ("训练", "留出"))
    assert len(train) + len(held_out) == 11
    assert len({document.text for document in held_out}) == 3
    assert not {document.text for document in train} & {document.text for document in held_out}


def test_a_split_mixes_nothing_into_what_is_there(client):
    add(client, "全部", *numbered(3))
    answer = client.post("/v1/datasets/全部/split", json={"train": "新", "held_out": "全部"})
    assert answer.status_code == 409
    assert problem_of(answer)["detail"]
    assert [info["name"] for info in client.get("/v1/datasets").json()] == ["全部"]


def test_one_text_cannot_be_parted(client):
    add(client, "全部", *numbered(1))
    answer = client.post("/v1/datasets/全部/split", json={"train": "训练", "held_out": "留出"})
    assert answer.status_code == 422
