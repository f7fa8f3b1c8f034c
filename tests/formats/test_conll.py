import pytest
from annotated import documents, spans
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import AnnotationError
from zhibiao.formats import conll
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity


def words(document):
    return [(entity.label, document.text[entity.start : entity.end]) for entity in document.entities]


def without_status(document):
    return [(start, end, label) for start, end, label, _ in spans(document)]


@given(st.lists(documents(), min_size=1, max_size=3), st.sampled_from(["bio", "bmes"]))
def test_spans_and_texts_come_back_exactly(some, scheme):
    some = [document.model_copy(update={"id": f"d{number}"}) for number, document in enumerate(some)]
    again = conll.read(conll.write(some, scheme))
    assert [document.id for document in again] == [document.id for document in some]
    assert [document.text for document in again] == [document.text for document in some]
    assert [without_status(document) for document in again] == [without_status(document) for document in some]


@given(documents())
def test_what_is_lost_is_said(document):
    (again,) = conll.read(conll.write([document]))
    said = conll.losses(document)
    assert bool(document.relations) == any("relations" in loss for loss in said)
    assert any(one.status for one in document.entities) == any("status" in loss for loss in said)
    if not said:
        assert again == document


def test_one_character_a_line_one_sentence_a_block():
    document = AnnotatedDocument(
        id="d",
        text="税收 3亿元。\n好。",
        entities=(
            AnnotatedEntity(id="e1", label="INDICATOR", start=0, end=2),
            AnnotatedEntity(id="e2", label="AMOUNT", start=3, end=6),
        ),
    )
    assert conll.write([document], "bmes").splitlines() == [
        "# newdoc id = d",
        '# text_json = "税收 3亿元。\\n"',
        "税\tB-INDICATOR",
        "收\tE-INDICATOR",
        "3\tB-AMOUNT",
        "亿\tM-AMOUNT",
        "元\tE-AMOUNT",
        "。\tO",
        "",
        '# text_json = "好。"',
        "好\tO",
        "。\tO",
        "",
    ]


def test_a_span_over_a_sentence_s_end_stays_whole():
    document = AnnotatedDocument(
        id="d", text="甲项目。一期", entities=(AnnotatedEntity(id="e1", label="PROJECT", start=0, end=6),)
    )
    assert conll.read(conll.write([document]))[0].entities == document.entities


@pytest.mark.parametrize(
    ("content", "text", "found"),
    [
        ("税 B-I\n收 I-I\n高 O\n\n好 S-P\n", "税收高\n好", None),
        ("税 B-I\n收 I-I\n\n好 B-P\n", "税收\n好", [("I", "税收"), ("P", "好")]),
        ("税 B-I\r\n收 E-I\r\n\r\n好 S-P\r\n", "税收\n好", [("I", "税收"), ("P", "好")]),
        ("税 B-I\n收 L-I\n3 U-A\n", "税收3", [("I", "税收"), ("A", "3")]),
        ("-DOCSTART- -X- O O\n\nGDP NN B-NP B-I\n增长 VV O O\n5% CD O B-G\n", "GDP增长5%", [("I", "GDP"), ("G", "5%")]),
        ("# text = 税收 3亿\n税收 B-I\n3亿 B-A\n", "税收 3亿", [("I", "税收"), ("A", "3亿")]),
        ("# B-X\n税 I-X\n", "#税", [("X", "#税")]),
        ("税 B-I\n收 B-I\n", "税收", [("I", "税"), ("I", "收")]),
        ("New B-L\nYork I-L\n市 O\n", "New York市", [("L", "New York")]),
    ],
)
def test_files_of_others_are_read(content, text, found):
    if found is None:
        with pytest.raises(AnnotationError, match="is not closed"):
            conll.read(content)
        return
    (document,) = conll.read(content)
    assert document.text == text
    assert words(document) == found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("税 I-I\n", "line 1: '税': I-I continues no span"),
        ("税 B-I\n收 I-A\n", "line 2: '收': I-A continues no span"),
        ("税 B-I\n收 M-I\n", "line 2: '': the I before it is not closed"),
        ("税收\n", "line 1: '税收': it is no token with a tag"),
        ("税 X-I\n", "line 1"),
        ('# text_json = "税收"\n税 O\n高 O\n', "line 3: '高': the sentence goes on with '收'"),
        ('# text_json = "税收"\n税 O\n', "line 2: the sentence goes on after its last token"),
        ("# text_json = 税收\n", "line 1: '税收': it is no JSON string"),
        ("# newdoc id = a\n税 O\n\n# newdoc id = a\n收 O\n", "a: its id stands twice"),
    ],
)
def test_a_fault_is_told_with_its_line(content, said):
    with pytest.raises(AnnotationError) as caught:
        conll.read(content)
    assert said in str(caught.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(AnnotationError) as caught:
        conll.read("税 I-I\n收\n\n3 E-A\n亿 O\n")
    assert len(caught.value.faults) == 3


def test_a_label_with_a_space_cannot_be_written():
    document = AnnotatedDocument(
        id="d", text="财政局", entities=(AnnotatedEntity(id="e1", label="A B", start=0, end=3),)
    )
    with pytest.raises(AnnotationError, match="'A B': this label holds white space"):
        conll.write([document])
