import pytest
from annotated import documents, links, spans
from hypothesis import assume, given

from zhibiao.errors import AnnotationError
from zhibiao.formats import markup, native
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation

MARKED = "⟦T1:2020年⟧，⟦I1:总产值⟧⟦A>I1,T1:46.78亿元⟧，增长⟦G>I1,T1:17.95%⟧。\n⟦P1:白里路⟧完成⟦A>P1,T0!t:2200万元⟧。"


def test_spans_links_and_statuses_are_read():
    document = markup.read(MARKED, "report")
    assert document.id == "report"
    assert document.text == "2020年，总产值46.78亿元，增长17.95%。\n白里路完成2200万元。"
    named = {entity.id: document.text[entity.start : entity.end] for entity in document.entities}
    assert [(entity.label, named[entity.id], entity.status) for entity in document.entities] == [
        ("PERIOD", "2020年", None),
        ("INDICATOR", "总产值", None),
        ("AMOUNT", "46.78亿元", "actual"),
        ("GROWTH", "17.95%", "actual"),
        ("PROJECT", "白里路", None),
        ("AMOUNT", "2200万元", "target"),
    ]
    assert [(named[link.source], link.type, named[link.target]) for link in document.relations] == [
        ("46.78亿元", "indicator", "总产值"),
        ("46.78亿元", "period", "2020年"),
        ("17.95%", "indicator", "总产值"),
        ("17.95%", "period", "2020年"),
        ("2200万元", "project", "白里路"),
    ]


def test_a_period_of_an_earlier_paragraph_survives_the_round_trip():
    document = markup.read(MARKED, "report")
    assert document.meta == {"earlier_period": ["e6"]}
    (again,) = native.read(native.write([document]))
    assert markup.write(again) == MARKED
    assert markup.losses(document) == []


def test_a_text_without_marks_is_itself():
    assert markup.read("没有标注。\r\n", "d").text == "没有标注。\r\n"


@given(documents())
def test_written_and_read_again_gives_the_same_but_what_was_said_to_be_lost(document):
    said = markup.losses(document)
    again = markup.read(markup.write(document), "d")
    assert again.text == document.text
    assert spans(again) == spans(document)
    lost = [loss for loss in said if loss.startswith("relation")]
    assert len(links(again)) + len(lost) == len(links(document))
    assert set(links(again)) <= set(links(document))


@given(documents())
def test_a_round_trip_without_losses_is_an_identity(document):
    assume(not markup.losses(document))
    again = markup.read(markup.write(document), "d")
    assert again.entities == document.entities
    assert sorted(again.relations, key=repr) == sorted(document.relations, key=repr)


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("⟦X:总产值⟧", "a stray bracket"),
        ("总产值⟧", "a stray bracket"),
        ("⟦I1:总\n产值⟧", "a stray bracket"),
        ("⟦I:⟧", "empty"),
        ("⟦I: 总产值⟧", "white space at its edge"),
        ("⟦I>T1:总产值⟧", "only values carry pointers"),
        ("⟦I!t:总产值⟧", "only values carry pointers"),
        ("⟦I1:总产值⟧⟦I1:税收⟧", "I1 is named twice"),
        ("⟦A>I2:3亿元⟧", "it points at I2, which its paragraph does not name"),
        ("⟦I1:总产值⟧\n⟦A>I1:3亿元⟧", "line 2"),
    ],
)
def test_a_fault_is_told(marked, said):
    with pytest.raises(AnnotationError, match=said):
        markup.read(marked)


def test_all_faults_are_told_at_once():
    with pytest.raises(AnnotationError) as caught:
        markup.read("⟦I: 甲⟧\n好\n⟦A>I7:3亿元⟧⟧", "a.txt")
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["a.txt, line 1", "a.txt, line 3", "a.txt, line 3"]


def test_what_cannot_be_written_is_refused():
    document = markup.read("总产值").model_copy(update={"text": "总⟦产值"})
    assert markup.losses(document)
    with pytest.raises(AnnotationError, match="belongs to the mark-up"):
        markup.write(document)


def test_a_label_without_a_code_is_said_to_be_lost_and_refused():
    document = AnnotatedDocument(
        id="d",
        text="财政局3亿元",
        entities=(
            AnnotatedEntity(id="e1", label="AGENCY", start=0, end=3),
            AnnotatedEntity(id="e2", label="AMOUNT", start=3, end=6),
        ),
        relations=(Relation(source="e2", target="e1", type="indicator"),),
    )
    assert any("its label has no code" in loss for loss in markup.losses(document))
    with pytest.raises(AnnotationError, match="use one of: INDICATOR"):
        markup.write(document)
