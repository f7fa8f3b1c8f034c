"""Collections: the reports of a job as series."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest

from serving import gathering
from serving.stores.keys import Role
from tests.serving.conftest import problem_of, service

#: A county's reports of three years: a target that is missed, a revision, a growth that does not fit, a gap of none.
REPORTS = {
    "祁阳市2019年政府工作报告.txt": (
        "祁阳市2019年政府工作报告\n2019年，全市一般公共预算收入17.3亿元，增长6.1%。全市社会消费品零售总额120.5亿元。\n"
    ),
    "祁阳市2020年政府工作报告.txt": (
        "祁阳市2020年政府工作报告\n2020年，全市一般公共预算收入18.6亿元，增长7.5%。全市社会消费品零售总额131.4亿元，增长12.8%。\n"
        "2021年，全市一般公共预算收入力争达到20亿元以上。\n"
    ),
    "祁阳市2021年政府工作报告.txt": (
        "祁阳市2021年政府工作报告\n2021年，全市一般公共预算收入19.1亿元。2020年，全市一般公共预算收入18.9亿元。\n"
    ),
}


def submit(client, reports=REPORTS) -> str:
    files = [("files", (name, text.encode(), "text/plain")) for name, text in reports.items()]
    job = client.post("/v1/jobs", files=files).raise_for_status().json()
    for _ in range(600):
        if client.get(f"/v1/jobs/{job['id']}").json()["state"] == "done":
            return job["id"]
        time.sleep(0.1)
    raise AssertionError("the job does not end")


@pytest.fixture(scope="module")
def at(client) -> str:
    return f"/v1/collections/{submit(client)}"


def test_a_job_of_documents_is_a_collection(client, at):
    listed = client.get("/v1/collections").json()
    assert at.rpartition("/")[2] in [one["id"] for one in listed]
    found = client.get(at).json()
    assert (found["state"], found["documents"], found["done"]) == ("done", 3, 3)
    assert [report["reference_year"] for report in found["reports"]] == [2019, 2020, 2021]
    assert {report["subject_name"] for report in found["reports"]} == {"祁阳市"}
    names = {one["indicator_name"]: one for one in found["indicators"]}
    assert names["一般公共预算收入"]["is_identified"]
    assert names["社会消费品零售总额"]["cells"] >= 2
    assert "祁阳市" in [one["subject_name"] for one in found["subjects"]]
    assert found["findings"]["revision"] == 1
    assert found["findings"]["target"] == 1


def indicator(client, at, name):
    return next(one for one in client.get(at).json()["indicators"] if one["indicator_name"] == name)["indicator_id"]


def test_the_cells_of_an_indicator_have_their_sentences(client, at):
    asked = {"indicator": indicator(client, at, "一般公共预算收入")}
    cells = client.get(f"{at}/cells", params=asked).json()
    levels = {(cell["time_period"], cell["status"]): cell for cell in cells if cell["measure"] == "level"}
    assert levels["2021", "target"]["value"] == "2000000000"
    revised = levels["2020", "actual"]
    assert (revised["value"], revised["why"], revised["is_disputed"]) == ("1890000000", "latest", True)
    assert [statement["written"] for statement in revised["statements"]] == ["18.9亿元", "18.6亿元"]
    first = revised["statements"][0]
    report = client.get(f"{at}/reports/{first['number']}").json()
    assert "18.9亿元" in report["text"][first["start"] : first["end"]]


def test_cells_of_chosen_subjects(client, at):
    asked = {"indicator": indicator(client, at, "一般公共预算收入")}
    assert (
        client.get(f"{at}/cells", params=asked | {"subject": "431181"}).json()
        == client.get(f"{at}/cells", params=asked).json()
    )
    assert client.get(f"{at}/cells", params=asked | {"subject": "430000"}).json() == []


def test_findings_are_told_in_words(client, at):
    found = client.get(f"{at}/findings").json()
    told = {row["kind"]: row for row in found}
    assert told["revision"]["said"].startswith("18.6亿元（祁阳市2020年政府工作报告.txt）后改为18.9亿元")
    assert told["target"]["detail"] == "missed"
    assert "differs" in next(
        row["said"] for row in client.get(f"{at}/findings?language=en").json() if row["kind"] == "growth"
    )
    statement = client.get(f"{at}/statements/{told['revision']['statements'][0]}").json()
    assert statement["written"] == "18.9亿元"
    assert statement["is_preferred"]


def test_findings_of_one_indicator(client, at):
    asked = {"indicator": indicator(client, at, "社会消费品零售总额")}
    kinds = {row["kind"] for row in client.get(f"{at}/findings", params=asked).json()}
    assert kinds == {"growth"}


def test_the_workbook(client, at):
    answer = client.get(f"{at}/file", params={"amount_unit": "亿元"})
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert workbook.sheetnames[0] == "概览"
    rows = list(workbook["一般公共预算收入"].iter_rows(values_only=True))
    heads = list(rows[0])
    level = next(row for row in rows if row[heads.index("度量")] == "水平" and row[heads.index("状态")] == "实际")
    assert (level[heads.index("2020")], level[heads.index("单位")]) == (18.9, "亿元")


def test_what_is_not_there(client, at):
    assert problem_of(client.get(f"/v1/collections/{'0' * 32}"))["status"] == 404
    assert problem_of(client.get(f"{at}/reports/9"))["status"] == 404
    assert problem_of(client.get(f"{at}/statements/999999"))["status"] == 404
    assert client.get(f"{at}/cells", params={"indicator": "' OR 1=1 --"}).json() == []


def test_a_reader_sees_his_own_collections_only(tmp_path):
    with service(home=tmp_path) as client:
        keys = client.app.state.service.keys
        (_, first), (_, second) = keys.create("first", Role.EXTRACT), keys.create("second", Role.EXTRACT)
        files = {"files": ("a.txt", "2020年，税收收入3亿元。".encode(), "text/plain")}
        headers = [{"Authorization": f"Bearer {key}"} for key in (first, second)]
        job = client.post("/v1/jobs", files=files, headers=headers[0]).json()["id"]
        assert [one["id"] for one in client.get("/v1/collections", headers=headers[0]).json()] == [job]
        assert client.get("/v1/collections", headers=headers[1]).json() == []
        assert client.get(f"/v1/collections/{job}", headers=headers[1]).status_code == 404
        assert client.get("/v1/collections").status_code == 401


def test_without_the_extra_the_remedy_is_named(client, at, monkeypatch):
    monkeypatch.setattr(gathering, "find_spec", lambda _: None)
    problem = problem_of(client.get(at))
    assert problem["status"] == 501
    assert "zhibiao[series]" in problem["remedy"]
