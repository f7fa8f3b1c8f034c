import pytest
from annotated import documents
from hypothesis import given

from zhibiao.errors import AnnotationError
from zhibiao.formats import brat
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation

TEXT = "税收3亿元"


@given(documents())
def test_a_round_trip_is_an_identity(document):
    assert brat.losses(document) == []
    assert brat.read(document.text, brat.write(document), document.id) == document


def test_the_lines_are_those_of_brat():
    document = AnnotatedDocument(
        id="d",
        text=TEXT,
        entities=(
            AnnotatedEntity(id="税", label="INDICATOR", start=0, end=2),
            AnnotatedEntity(id="额", label="AMOUNT", start=2, end=5, status="target"),
        ),
        relations=(Relation(source="额", target="税", type="indicator"),),
        meta={"year": 2020},
    )
    assert brat.write(document).splitlines() == [
        "T1\tINDICATOR 0 2\t税收",
        "T2\tAMOUNT 2 5\t3亿元",
        "R1\tindicator Arg1:T2 Arg2:T1",
        "A1\tStatus T2 target",
    ]
    assert brat.losses(document) == ["meta: year"]
    assert "INDICATOR" in brat.configuration(["INDICATOR"]).splitlines()


def test_notes_are_passed_over():
    assert brat.read(TEXT, "T1\tINDICATOR 0 2\t税收\n#1\tAnnotatorNotes T1\t好\n", "d").entities[0].end == 2


@pytest.mark.parametrize(
    ("standoff", "said"),
    [
        ("T1\tINDICATOR 0 2\t支出", "d.ann, line 1: '支出': the text has '税收' there"),
        ("T1\tINDICATOR 0 9\t税收", "do not lie in the text of 5 characters"),
        ("T1\tINDICATOR 0 1;2 3\t税 3", "it is no span, relation or status"),
        ("E1\tBuild:T1", "it is no span, relation or status"),
        ("T1\tINDICATOR 0 2\t税收\nT1\tAMOUNT 2 5\t3亿元", "line 2: T1 stands twice"),
        ("R1\tindicator Arg1:T2 Arg2:T1", "there is no entity 'e2'"),
        ("A1\tStatus T2 target", "a status for T2, which is not there"),
    ],
)
def test_a_fault_is_told(standoff, said):
    with pytest.raises(AnnotationError) as caught:
        brat.read(TEXT, standoff, "d", "d.ann")
    assert said in str(caught.value)
