"""The order in which texts are suggested: worth, novelty, unlikeness; and reports read one at a time."""

import gzip
import json
import lzma

import pytest

from zhibiao.annotate import Unlabelled, candidates, read_reports, suggest
from zhibiao.annotate.likeness import likeness, sketch
from zhibiao.annotate.suggest import NEAR_DUPLICATE, Candidate
from zhibiao.errors import AnnotationError
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity
from zhibiao.tagger import Tagger

EASY = "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"
HARD = "另据该处口径，三口塘、五里牌两处合报七成有余，较之往年翻一番还拐弯，折银元若干。"


def candidate(name, text, errors, *indicators):
    return Candidate(Unlabelled(name, text, name), errors, frozenset(indicators), sketch(text))


def text(seed, length=200):
    return "".join(chr(0x4E00 + (seed * 7919 + n * (seed + 31)) % 5000) for n in range(length))


def order(found, **options):
    return [one.unit.id for one in suggest(found, **options)]


def test_more_errors_a_character_come_first():
    found = [
        candidate("long", text(1, 2000), 4.0),
        candidate("short", text(2, 300), 3.0),
        candidate("sure", text(3), 0.1),
    ]
    assert order(found) == ["short", "long", "sure"]


def test_names_that_the_gold_has_not_are_worth_more_until_they_are_chosen():
    gold = [
        AnnotatedDocument(id="g", text="税收", entities=(AnnotatedEntity(id="e1", label="INDICATOR", start=0, end=2),))
    ]
    found = [
        candidate("known", text(1), 1.02, "税收"),
        candidate("new", text(2), 1.0, "粮食产量"),
        candidate("same", text(3), 1.05, "粮食产量"),
        candidate("other", text(4), 1.0, "客运量"),
    ]
    first = suggest(found, gold=gold)
    assert [one.unit.id for one in first] == ["same", "other", "known", "new"]
    assert [one.new_indicators for one in first] == [("粮食产量",), ("客运量",), (), ()]


def test_near_duplicates_come_last_however_much_they_are_worth():
    report = text(5, 600)
    twin = report[:300] + "改" + report[300:]
    found = [candidate("a", report, 9.0), candidate("b", twin, 8.9), candidate("c", text(6), 0.5)]
    chosen = suggest(found)
    assert [one.unit.id for one in chosen] == ["a", "c", "b"]
    assert chosen[2].similarity > NEAR_DUPLICATE > chosen[1].similarity


def test_texts_that_differ_in_figures_alone_are_alike():
    one, other = (
        "".join(f"{name}收入{n + add}.{n}亿元，增长{n}%；" for n, name in enumerate("甲乙丙丁戊己庚辛"))
        for add in (3, 140)
    )
    assert likeness(sketch(one), sketch(other)) == 1
    assert likeness(sketch(one), sketch(text(9))) == 0
    assert likeness(sketch(one), sketch("")) == 0


def test_only_the_most_worthy_are_kept_and_annotated_or_blank_texts_left_out():
    found = [candidate(str(n), text(n), n) for n in range(1, 60)] + [candidate("blank", " \n", 99.0)]
    gold = [AnnotatedDocument(id="g", text=text(59))]
    assert order(iter(found), gold=gold, limit=3, pool=5) == ["58", "57", "56"]
    assert len(order(found, gold=gold, limit=None)) == 58


@pytest.fixture(scope="module")
def tagger():
    return Tagger.load()


def test_the_model_finds_the_hard_report_hard(tagger):
    reports = [Unlabelled("easy", EASY, "easy"), Unlabelled("hard", HARD, "hard")]
    easy, hard = candidates(tagger, reports)
    assert hard.errors > easy.errors
    assert easy.indicators == {"规模工业增加值"}
    assert order([easy, hard]) == ["hard", "easy"]


def test_sentences_share_out_what_their_report_has(tagger):
    report = Unlabelled("r", f"{EASY}{HARD}\n{EASY}", "r")
    (whole,) = candidates(tagger, [report])
    parts = list(candidates(tagger, [report], by="sentence"))
    assert [one.unit.text for one in parts] == [EASY, HARD, EASY]
    assert all(report.text[one.unit.start :].startswith(one.unit.text) for one in parts)
    assert sum(one.errors for one in parts) == pytest.approx(whole.errors)


def test_reports_are_read_from_documents_folders_and_packed_lines(tmp_path):
    (tmp_path / "报告.txt").write_text(EASY, "utf-8")
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in ({"id": 7, "text": EASY}, {"text": HARD}))
    (tmp_path / "more").mkdir()
    with lzma.open(tmp_path / "more" / "a.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(lines)
    with gzip.open(tmp_path / "more" / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n" + lines)
    found = list(read_reports([tmp_path / "报告.txt", tmp_path / "more"]))
    assert [(one.id, one.text) for one in found] == [
        ("报告", EASY), ("7", EASY), ("a-2", HARD), ("7", EASY), ("b-3", HARD),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": 5}'])
def test_a_line_without_a_text_is_told(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "无"}\n' + line, "utf-8")
    with pytest.raises(AnnotationError, match=r"line 2: .*text"):
        list(read_reports([path]))
