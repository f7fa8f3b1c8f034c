from __future__ import annotations

import pytest

from serving.stores.keys import KeyStore, Role
from tests.serving.conftest import TEXT, problem_of, service


def header(written: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {written}"}


@pytest.fixture
def guarded(tmp_path):
    """A client without a key, and the keys of its service."""
    with service(home=tmp_path) as client:
        yield client, client.app.state.service.keys


def extract(client, **headers: str):
    return client.post("/v1/extract", json={"text": TEXT}, headers=headers)


def test_on_loopback_no_key_is_needed_until_one_is_made(guarded):
    client, keys = guarded
    assert extract(client).status_code == 200
    key, written = keys.create("bureau", Role.EXTRACT)
    answer = extract(client)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    problem_of(answer)
    assert extract(client, **header(written)).status_code == 200
    keys.revoke(key.id)
    assert extract(client, **header(written)).status_code == 401
    assert extract(client).status_code == 401, "revoking the last key must not open the service"


@pytest.mark.parametrize("written", ["", "zb", "zb__", "zb_abc_def", "Ω", "zb_\x00_"])
def test_what_is_no_key_is_refused(guarded, written):
    client, keys = guarded
    _, right = keys.create("bureau", Role.EXTRACT)
    for wrong in (written, right[:-1], right + "x", right.upper()):
        assert keys.find(wrong) is None
    assert extract(client, **header("zb_wrong_key")).status_code == 401


def test_probes_and_documents_need_no_key(guarded):
    client, keys = guarded
    keys.create("bureau", Role.EXTRACT)
    for path in ("/", "/docs", "/openapi.json", "/health/live", "/health/ready", "/metrics"):
        assert client.get(path).status_code == 200


def test_off_loopback_a_key_is_needed_even_where_none_was_made(tmp_path):
    with service(home=tmp_path, host="0.0.0.0") as client:
        assert extract(client).status_code == 401
    with service(home=tmp_path, host="0.0.0.0", allow_anonymous=True) as client:
        assert extract(client).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_a_role_allows_itself_and_those_before_it(role):
    order = [Role.EXTRACT, Role.ANNOTATE, Role.ADMIN]
    assert [needed for needed in order if role.allows(needed)] == order[: order.index(role) + 1]


def test_each_key_has_its_own_share(tmp_path):
    with service(home=tmp_path, rate_limit="2/hour") as client:
        keys: KeyStore = client.app.state.service.keys
        _, first = keys.create("same name", Role.EXTRACT)
        _, second = keys.create("same name", Role.EXTRACT)
        statuses = [extract(client, **header(first)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = extract(client, **header(first))
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        problem_of(refused)
        assert extract(client, **header(second)).status_code == 200


def test_the_database_keeps_no_secret(tmp_path, guarded):
    _, keys = guarded
    _, written = keys.create("bureau", Role.ADMIN)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert written.encode() not in kept
    assert written.rpartition("_")[2].encode() not in kept
