from __future__ import annotations

import asyncio
import csv
import io
import json

import httpx
import openpyxl
import pytest

from serving.app import create_app
from serving.settings import Settings
from tests.serving.conftest import SEEDS, TEXT, problem_of, service
from zhibiao.schema import Report

SEED = SEEDS / "longhui-hightech-zone-2020-performance.txt"


def slices_back(report: dict, text: str) -> bool:
    return all(text[entity["start"] : entity["end"]] == entity["text"] for entity in report["entities"])


def test_a_text_gives_its_facts(client):
    answer = client.post("/v1/extract", json={"text": TEXT, "amount_unit": "亿元"})
    assert answer.status_code == 200
    report = Report.model_validate_json(answer.content)
    assert report.characters == len(TEXT)
    value = next(fact.value for fact in report.facts if fact.value)
    assert (value.text, value.unit, str(value.value)) == ("46.78亿元", "CNY", "4678000000")
    assert value.shown is not None
    assert (str(value.shown.value), value.shown.unit) == ("46.78", "亿元")
    assert answer.json()["facts"][0]["value"]["value"] == "4678000000"


def test_the_reference_year_may_be_given(client):
    answer = client.post("/v1/extract", json={"text": "全年完成固定资产投资18.9亿元。", "reference_year": 2019})
    assert answer.json()["document"] == {"title": None, "reference_year": 2019, "reference_year_from": "caller"}


def test_facts_below_the_confidence_asked_for_are_left_out(client):
    everything = client.post("/v1/extract", json={"text": TEXT}).json()
    certain = client.post("/v1/extract", json={"text": TEXT, "min_confidence": 1}).json()
    assert len(certain["facts"]) < len(everything["facts"])


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_file_gives_the_same_facts_as_its_text(client, seed):
    text = seed.read_bytes().decode()
    posted = client.post("/v1/extract", json={"text": text}).json()
    uploaded = client.post("/v1/extract/file", files={"file": (seed.name, seed.read_bytes())}).json()
    assert uploaded["text"] == text
    assert slices_back(posted, text)
    assert len(posted["facts"]) > 10
    for key in ("characters", "entities"):
        assert uploaded[key] == posted[key]
    assert [fact["value"] for fact in uploaded["facts"]] == [fact["value"] for fact in posted["facts"]]


def test_a_file_comes_back_as_csv(client):
    answer = client.post("/v1/extract/file?format=csv", files={"file": ("总结 2020.txt", SEED.read_bytes())})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''%E6%80%BB%E7%BB%93%202020.csv" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    report = client.post("/v1/extract", json={"text": SEED.read_bytes().decode()}).json()
    assert len(lines) == len(report["facts"])


def test_a_file_comes_back_as_a_workbook(client):
    answer = client.post("/v1/extract/file?format=xlsx&language=en", files={"file": ("a.txt", SEED.read_bytes())})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert "indicator" in [cell.value for cell in next(sheet.iter_rows())]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_is_read(client, encoding):
    answer = client.post("/v1/extract/file", files={"file": ("a.txt", TEXT.encode(encoding))})
    assert answer.status_code == 200
    assert answer.json()["text"] == TEXT


UNUSUAL = {
    "empty": "",
    "white space": " \n\u3000\t\r\n",
    "emoji": "😀2020年👨‍👩‍👧，规模工业增加值46.78亿元😀，较上年增长17.95%。",
    "CRLF": "一、概况\r\n2020年，规模工业增加值46.78亿元。\r\n\r\n较上年增长17.95%。\r\n",
    "zero-width": "2020年，规模\u200b工业增加值46.78\u200b亿元。\ufeff",
    "full-width": "２０２０年，规模工业增加值４６．７８亿元，较上年增长１７．９５％。",
    "NUL": "2020年，规模工业增加值46.78亿元。\x00",
    "one long line": "规模工业增加值46.78亿元，" * 2000,
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_text_is_answered_whole_or_refused_clearly(client, text):
    answer = client.post("/v1/extract", json={"text": text})
    if answer.status_code == 200:
        report = answer.json()
        assert report["characters"] == len(text)
        assert slices_back(report, text)
    else:
        assert answer.status_code == 422
        assert problem_of(answer)["errors"][0]["pointer"] == "#/text"


def test_a_long_text_is_read_to_its_end(client):
    text = TEXT + "。" * 3000 + "\n" + "本年无其他事项。\n" * 300 + TEXT
    report = client.post("/v1/extract", json={"text": text}).json()
    assert any(entity["start"] >= len(text) - len(TEXT) for entity in report["entities"])


INVALID = {
    "no text": ({}, "#/text"),
    "a number": ({"text": 5}, "#/text"),
    "an unknown field": ({"text": "a", "txt": "b"}, "#/txt"),
    "a unit that is none": ({"text": "a", "amount_unit": "百元"}, "#/amount_unit"),
    "a year far off": ({"text": "a", "reference_year": 20200}, "#/reference_year"),
    "a confidence above one": ({"text": "a", "min_confidence": 1.5}, "#/min_confidence"),
    "a confidence that is no number": ({"text": "a", "min_confidence": "high"}, "#/min_confidence"),
}


@pytest.mark.parametrize(("body", "pointer"), INVALID.values(), ids=INVALID)
def test_an_invalid_request_is_told_its_place(client, body, pointer):
    answer = client.post("/v1/extract", json=body)
    assert answer.status_code == 422
    fault = problem_of(answer)["errors"][0]
    assert fault["pointer"] == pointer
    assert fault["remedy"]


@pytest.mark.parametrize(
    "body",
    [b'{"text": "\\ud83d 2020"}', b'{"text": "a\\udfff"}', b'{"text": "', b"[1]", b"null", b'{"text": "\xff"}', b""],
)
def test_json_that_holds_no_text_is_refused(client, body):
    answer = client.post("/v1/extract", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    problem_of(answer)


def test_a_lone_surrogate_is_refused_with_its_place(client):
    body = b'{"text": "2020\\ud83d"}'
    answer = client.post("/v1/extract", content=body, headers={"content-type": "application/json"})
    assert "U+D83D at character 4" in problem_of(answer)["errors"][0]["detail"]


def test_another_content_type_is_refused(client):
    answer = client.post("/v1/extract", content=TEXT, headers={"content-type": "text/plain; charset=utf-8"})
    assert answer.status_code == 415
    assert "application/json" in problem_of(answer)["detail"]
    answer = client.post("/v1/extract/file", json={"text": TEXT})
    assert answer.status_code == 415
    assert "multipart/form-data" in problem_of(answer)["detail"]


def test_a_file_of_no_known_kind_is_refused(client):
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
    answer = client.post("/v1/extract/file", files={"file": ("report.txt", picture)})
    assert answer.status_code == 415
    assert "PNG" in problem_of(answer)["detail"]


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, TEXT.encode()[:-2], b"%PDF-1.7\nbroken"])
def test_a_file_that_cannot_be_read_is_refused(client, data):
    answer = client.post("/v1/extract/file", files={"file": ("report.txt", data)})
    assert answer.status_code in (415, 422)
    problem_of(answer)


def test_a_file_s_name_is_no_path(client):
    answer = client.post("/v1/extract/file?format=csv", files={"file": ("../../etc/passwd.txt", TEXT.encode())})
    assert answer.status_code == 200
    assert "filename*=UTF-8''passwd.csv" in answer.headers["content-disposition"]


def test_a_text_of_too_many_characters_is_refused_with_the_limit():
    with service(max_characters=10) as client:
        assert client.post("/v1/extract", json={"text": "字" * 10}).status_code == 200
        for answer in (
            client.post("/v1/extract", json={"text": "字" * 11}),
            client.post("/v1/extract/file", files={"file": ("a.txt", ("字" * 11).encode())}),
        ):
            assert answer.status_code == 413
            assert problem_of(answer)["limit"] == 10


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_request_of_too_many_bytes_is_refused_with_the_limit(is_streamed):
    body = json.dumps({"text": "a" * 4000}).encode()
    content = iter([body[:2000], body[2000:]]) if is_streamed else body
    with service(max_upload_bytes=1024) as client:
        answer = client.post("/v1/extract", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 413
        assert problem_of(answer)["limit"] == 1024
        answer = client.post("/v1/extract/file", files={"file": ("a.txt", b"a" * 4000)})
        assert answer.status_code == 413
        problem_of(answer)


def test_past_the_deadline_the_request_is_given_up():
    with service(deadline_seconds=0.001) as client:
        answer = client.post("/v1/extract", json={"text": TEXT * 200})
        assert answer.status_code == 504
        assert "ZHIBIAO_DEADLINE_SECONDS" in problem_of(answer)["remedy"]


def test_more_requests_than_the_queue_holds_are_sent_away():
    application = create_app(Settings(workers=1, queue_size=0))

    async def post_together() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application)
        async with (
            application.router.lifespan_context(application),
            httpx.AsyncClient(transport=transport, base_url="http://service") as client,
        ):
            await asyncio.to_thread(application.state.service.model.wait)
            return await asyncio.gather(*(client.post("/v1/extract", json={"text": TEXT * 50}) for _ in range(4)))

    answers = asyncio.run(post_together())
    assert {answer.status_code for answer in answers} == {200, 429}
    for refused in (answer for answer in answers if answer.status_code == 429):
        assert int(refused.headers["retry-after"]) >= 1
        problem_of(refused)


def test_while_the_model_is_loaded_requests_are_sent_away():
    application = create_app(Settings())  # Its lifespan has not begun: the model is not there.

    async def get(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://service") as client:
            if path == "/v1/extract":
                return await client.post(path, json={"text": TEXT})
            return await client.get(path)

    assert asyncio.run(get("/health/live")).status_code == 200
    for path in ("/health/ready", "/v1/extract"):
        answer = asyncio.run(get(path))
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        problem_of(answer)


def test_a_model_that_cannot_be_loaded_is_told(tmp_path):
    with service(model=tmp_path) as client:
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert "could not be loaded" in problem_of(answer)["detail"]
        assert "retry-after" not in answer.headers
