"""Files and folders of every format, through the functions that the command line and the service call."""

import json

import pytest
from annotated import documents, links, spans
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from zhibiao import formats
from zhibiao.cli.annotations import register
from zhibiao.errors import AnnotationError
from zhibiao.formats import markup

SUFFIX = {"labelstudio": ".json", "conll": ".conll", "bmes": ".bmes", "markup": "", "brat": ""}
MARKED = "⟦I1:税收⟧⟦A>I1!t:3亿元⟧🙂，\r\n⟦P1:甲路⟧⟦T:年内⟧通车。"


def path_in(folder, name):
    return folder / f"some{SUFFIX.get(name, '.jsonl')}"


def run(*arguments):
    app = Typer()
    register(app)
    return CliRunner().invoke(app, ["annotations", *(str(argument) for argument in arguments)])


@given(
    some=st.lists(documents(gaps=["，", "\r\n", "🙂", "。", "\n"]), min_size=2, max_size=3),
    name=st.sampled_from([*formats.FORMATS]),
)
def test_what_a_format_can_hold_comes_back(some, name, tmp_path_factory):
    path = path_in(tmp_path_factory.mktemp("annotations"), name)
    some = [document.model_copy(update={"id": f"d{number}"}) for number, document in enumerate(some)]
    formats.write(some, path, name)
    assert formats.detect(path) == ("doccano" if name == "doccano-spans" else name)
    again = formats.read(path)
    assert [document.id for document in again] == ["d0", "d1", "d2"][: len(some)]
    for document, read in zip(some, again, strict=True):
        assert read.text == document.text
        if not formats.losses(document, name):
            assert spans(read) == spans(document)
            assert links(read) == links(document)


def test_a_chain_through_every_format_that_holds_all_gives_the_same(tmp_path):
    first = markup.read(MARKED, "report")
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "report.txt").write_bytes(MARKED.encode())
    path = tmp_path / "start"
    for name in ["zhibiao", "doccano", "labelstudio", "brat", "markup"]:
        target = path_in(tmp_path / name, name)
        done = run("convert", path, target, "--to", name)
        assert done.exit_code == 0, done.output
        assert "lost" not in done.output
        path = target
    assert formats.read(path) == [first]


def test_the_command_line_says_what_is_lost(tmp_path):
    formats.write([markup.read(MARKED, "report")], tmp_path / "a.jsonl", "zhibiao")
    done = run("convert", tmp_path / "a.jsonl", tmp_path / "a.conll", "--to", "conll")
    assert "report: lost in conll: 1 relations" in done.output
    assert "report: lost in conll: the status of values (target)" in done.output


def test_an_index_beside_the_mark_up_goes_into_meta(tmp_path):
    (tmp_path / "a.txt").write_text(MARKED, encoding="utf-8")
    (tmp_path / "index.json").write_text(json.dumps([{"name": "a", "title": "报告", "year": 2020}]), encoding="utf-8")
    assert formats.read(tmp_path)[0].meta == {"title": "报告", "year": 2020}
    (tmp_path / "index.json").write_text("{}x", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"index\.json"):
        formats.read(tmp_path)


def test_faults_of_all_files_of_a_folder_are_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("⟦X⟧", encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        formats.read(tmp_path)
    assert ["a.txt" in fault or "b.txt" in fault for fault in caught.value.faults] == [True, True]


def test_a_text_file_that_brat_needs_is_missed(tmp_path):
    (tmp_path / "a.ann").write_text("", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"a\.txt: it is missing"):
        formats.read(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gb.jsonl", "报告".encode("gb18030"), "byte 0 is not UTF-8"),
        ("x.pdf", b"", "its format cannot be told"),
        ("missing.jsonl", None, "there is no such file"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(AnnotationError, match=said):
        formats.read(tmp_path / name)


def test_unknown_formats_and_ids_that_name_no_file_are_refused(tmp_path):
    with pytest.raises(AnnotationError, match="use one of: zhibiao, doccano"):
        formats.write([], tmp_path / "a", "xml")
    document = markup.read(MARKED, "../../etc")
    with pytest.raises(AnnotationError, match="cannot name a file"):
        formats.write([document], tmp_path / "out", "brat")
    assert not (tmp_path / "out").exists()
