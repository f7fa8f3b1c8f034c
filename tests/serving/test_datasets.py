from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from serving.stores.database import Database
from serving.stores.datasets import ConflictError, DatasetStore, MissingError
from serving.stores.keys import Role
from tests.serving.conftest import problem_of, service
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument

MARKED = "⟦T1:2020年⟧，⟦I1:规模工业增加值⟧⟦A>I1,T1:46.78亿元⟧，较上年增长⟦G>I1,T1:17.95%⟧。"


def document(name: str = "一号报告", text: str = "税收3亿元。") -> AnnotatedDocument:
    entities = [
        {"id": "e1", "label": "INDICATOR", "start": 0, "end": 2},
        {"id": "e2", "label": "AMOUNT", "start": 2, "end": 5, "status": "actual"},
    ]
    relations = [{"from": "e2", "to": "e1", "type": "indicator"}]
    return AnnotatedDocument.model_validate({"id": name, "text": text, "entities": entities, "relations": relations})


@pytest.fixture
def client(tmp_path):
    with service(home=tmp_path) as connected:
        yield connected


def spans(annotated: AnnotatedDocument) -> list[tuple[str, int, int]]:
    return [(entity.label, entity.start, entity.end) for entity in annotated.entities]


def add(client, *documents: AnnotatedDocument, dataset: str = "预算"):
    return client.post(f"/v1/datasets/{dataset}/documents", content=native.write(documents).encode())


def place(name: str = "一号报告", dataset: str = "预算") -> str:
    return f"/v1/datasets/{quote(dataset)}/documents/{quote(name)}"


def put(client, changed: AnnotatedDocument, etag: str):
    return client.put(place(changed.id), json=changed.model_dump(mode="json"), headers={"If-Match": etag})


def test_documents_go_in_and_come_out_as_they_were(client):
    given = [document(f"报告 {number}") for number in range(3)]
    assert add(client, *given).status_code == 201
    listed = client.get("/v1/datasets").json()
    assert [(info["name"], info["documents"]) for info in listed] == [("预算", 3)]
    assert [info["id"] for info in client.get("/v1/datasets/预算").json()] == [entry.id for entry in given]
    assert native.read(client.get("/v1/datasets/预算/documents").text) == given
    one = client.get(place("报告 1"))
    assert one.headers["etag"] == '"1"'
    assert AnnotatedDocument.model_validate_json(one.content) == given[1]


@pytest.mark.parametrize("form", ["zhibiao", "doccano", "labelstudio"])
def test_other_formats_go_round(client, form):
    add(client, document())
    written = client.get(f"/v1/datasets/预算/documents?format={form}")
    assert written.status_code == 200
    answer = client.post(f"/v1/datasets/copy/documents?format={form}", content=written.content)
    assert answer.status_code == 201, answer.text
    copied = native.read(client.get("/v1/datasets/copy/documents").text)[0]
    original = document()
    assert copied.text == original.text
    assert [(e.label, e.start, e.end) for e in copied.entities] == [
        (e.label, e.start, e.end) for e in original.entities
    ]
    assert len(copied.relations) == 1


def test_markup_goes_in_as_a_text_and_comes_out_as_an_archive(client):
    answer = client.post("/v1/datasets/预算/documents?format=markup&id=甲", content=MARKED.encode())
    assert answer.status_code == 201, answer.text
    packed = client.get("/v1/datasets/预算/documents?format=markup")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.namelist() == ["甲.txt"]
        assert archive.read("甲.txt").decode() == MARKED


def test_a_saved_document_has_a_new_version_and_keeps_the_old(client):
    add(client, document())
    changed = document().model_copy(update={"relations": ()})
    saved = put(client, changed, '"1"')
    assert saved.status_code == 200, saved.text
    assert saved.json()["version"] == 2
    assert client.get(place()).headers["etag"] == '"2"'
    assert AnnotatedDocument.model_validate_json(client.get(place()).content) == changed
    assert AnnotatedDocument.model_validate_json(client.get(place() + "?version=1").content) == document()
    history = client.get(place() + "/versions").json()
    assert [(entry["version"], entry["author"]) for entry in history] == [(1, "anonymous"), (2, "anonymous")]


def test_of_two_editors_the_second_is_told(client):
    add(client, document())
    first = document().model_copy(update={"meta": {"by": "first"}})
    second = document().model_copy(update={"meta": {"by": "second"}})
    assert put(client, first, '"1"').status_code == 200
    refused = put(client, second, '"1"')
    assert refused.status_code == 409
    assert "version 2" in problem_of(refused)["detail"]
    assert client.get(place()).json()["meta"] == {"by": "first"}
    assert put(client, second, '"2"').status_code == 200


def test_a_change_must_say_what_it_starts_from(client):
    add(client, document())
    for answer in (client.put(place(), json=document().model_dump(mode="json")), client.delete(place())):
        assert answer.status_code == 422
        assert problem_of(answer)["errors"][0]["pointer"] == "#/header/If-Match"


def test_a_deleted_document_is_gone_but_not_lost(client):
    add(client, document())
    assert client.delete(place(), headers={"If-Match": '"7"'}).status_code == 409
    assert client.delete(place(), headers={"If-Match": '"1"'}).status_code == 204
    assert client.get(place()).status_code == 404
    assert client.get("/v1/datasets/预算").json() == []
    assert client.get(place() + "?version=1").status_code == 200
    assert [entry["is_deleted"] for entry in client.get(place() + "/versions").json()] == [False, True]
    assert put(client, document(), '"2"').status_code == 404
    assert add(client, document()).json()[0]["version"] == 3


def test_of_a_batch_all_is_added_or_nothing(client):
    add(client, document("a"))
    refused = add(client, document("b"), document("a"))
    assert refused.status_code == 409
    assert "a (version 1)" in problem_of(refused)["detail"]
    assert [entry["id"] for entry in client.get("/v1/datasets/预算").json()] == ["a"]


FAULTY = {
    "no JSON": b"{",
    "nothing": b"",
    "no UTF-8": b"\xff",
    "a span outside the text": json.dumps(
        {"id": "a", "text": "x", "entities": [{"id": "e", "label": "AMOUNT", "start": 0, "end": 9}]}
    ).encode(),
    "a lone surrogate": b'{"id": "a", "text": "\\ud800"}',
    "an id with a slash": b'{"id": "a/b", "text": "x"}',
    "an id that is a path": b'{"id": "..", "text": "x"}',
}


@pytest.mark.parametrize("body", FAULTY.values(), ids=FAULTY)
def test_faulty_annotations_are_refused_with_every_fault(client, body):
    answer = client.post("/v1/datasets/预算/documents", content=body)
    assert answer.status_code == 422
    assert problem_of(answer)["errors"]
    assert client.get("/v1/datasets").json() == []


def test_what_is_not_there_is_told(client):
    add(client, document())
    for path in ("/v1/datasets/none", place("none"), place() + "?version=9", place("none") + "/versions"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        problem_of(answer)


def test_data_sets_need_the_role_and_keep_the_author(client):
    keys = client.app.state.service.keys
    _, reader = keys.create("reader", Role.EXTRACT)
    _, writer = keys.create("王五", Role.ANNOTATE)
    body = native.write([document()]).encode()
    path = "/v1/datasets/预算/documents"
    refused = client.post(path, content=body, headers={"Authorization": f"Bearer {reader}"})
    assert refused.status_code == 403
    assert "annotate" in problem_of(refused)["remedy"]
    added = client.post(path, content=body, headers={"Authorization": f"Bearer {writer}"})
    assert added.json()[0]["author"] == "王五"


def test_of_many_editors_at_once_one_saves(database):
    store = DatasetStore(database)
    store.add("预算", [document()], "first")

    def edit(number: int) -> bool:
        try:
            store.save("预算", document().model_copy(update={"meta": {"by": number}}), str(number), base=1)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as editors:
        saved = list(editors.map(edit, range(16)))
    assert saved.count(True) == 1
    assert store.get("预算", "一号报告").version == 2
    assert len(store.history("预算", "一号报告")) == 2


def test_of_many_who_add_the_same_document_one_does(database):
    store = DatasetStore(database)

    def add_once(number: int) -> bool:
        try:
            store.add("预算", [document()], str(number))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as editors:
        added = list(editors.map(add_once, range(16)))
    assert added.count(True) == 1
    assert len(store.history("预算", "一号报告")) == 1


def test_what_was_saved_is_there_after_the_service_has_gone(tmp_path):
    for turn in range(3):
        database = Database(tmp_path)
        DatasetStore(database).add("预算", [document(f"{turn}")], "first")
        database.close()
    database = Database(tmp_path)
    assert len(DatasetStore(database).documents("预算")) == 3
    with pytest.raises(MissingError):
        DatasetStore(database).get("预算", "3")
    database.close()
