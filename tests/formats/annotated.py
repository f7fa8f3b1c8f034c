"""Random annotated documents: awkward characters, spans that touch, links and statuses of every kind."""

from hypothesis import strategies as st

from zhibiao.formats.consistency import TARGET_LABELS
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label, Relation

WORDS = [
    "规模工业增加值",
    "46.78亿元",
    "近4亿元",
    "２０２０年",
    "15%",
    "城东污水干管工程",
    "🏭",
    "é",
    "a\u200bb",
    "\U00020000",
    "x",
]
GAPS = [
    "",
    "，",
    "。",
    " ",
    "\u3000",
    "\n",
    "\r\n",
    "\u200b",
    "🙂",
    "达到",
    "。\n\n",
    "“",
    '"',
    "\t",
    "&<",
    "\\n",
    "e\u0301",
]


@st.composite
def documents(draw, gaps=GAPS, words=WORDS, document_id="d"):
    """A document whose spans are words and whose ids are in the order of the text."""
    text, entities = draw(st.sampled_from(gaps)), []
    for word, label, gap in draw(
        st.lists(st.tuples(st.sampled_from(words), st.sampled_from([None, *Label]), st.sampled_from(gaps)), max_size=9)
    ):
        if label is not None:
            status = None
            if label in VALUE_LABELS:
                status = draw(st.sampled_from(["actual", "target", "forecast", "budget"]))
            start, number = len(text), len(entities) + 1
            entities.append(
                AnnotatedEntity(id=f"e{number}", label=label, start=start, end=start + len(word), status=status)
            )
        text += word + gap
    relations = draw(st.lists(st.sampled_from(possible), unique=True)) if (possible := _possible(entities)) else []
    return AnnotatedDocument(id=document_id, text=text, entities=tuple(entities), relations=tuple(relations))


def _possible(entities):
    return [
        Relation(source=value.id, target=target.id, type=kind)
        for value in entities
        if value.label in VALUE_LABELS
        for kind, label in TARGET_LABELS.items()
        for target in entities
        if target.label == label
    ]


def spans(document):
    """Labels, places and statuses, whatever the ids."""
    return sorted((entity.start, entity.end, entity.label, entity.status) for entity in document.entities)


def links(document):
    """Relations by the places of their ends, whatever the ids."""
    places = {entity.id: (entity.start, entity.end) for entity in document.entities}
    return sorted((places[relation.source], relation.type, places[relation.target]) for relation in document.relations)
