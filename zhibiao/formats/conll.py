"""CoNLL columns: one character and its tag a line, a blank line between sentences, BIO (IOB2) or BMES tags.

What CoNLL files of other tools cannot hold, ours hold in comments: `# newdoc id = …` begins a document, as in CoNLL-U,
and `# text_json = "…"` gives a sentence's exact characters, so that white space, which has no line of its own, comes
back. A file without them is read too: `# text = …` is taken as the sentence, else the tokens are joined.

    # newdoc id = report
    # text_json = "税收3亿元。\\n"
    税	B-INDICATOR
    收	I-INDICATOR
    3	B-AMOUNT
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from zhibiao.formats.assemble import note_inconsistencies, note_repeated_ids, refuse_labels_with_spaces
from zhibiao.formats.consistency import EARLIER_PERIOD
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity
from zhibiao.text import sentences

Scheme = Literal["bio", "bmes"]

#: A line of a file: its number, the token, the tag.
_Token = tuple[int, str, str]

# The prefixes of IOB2, BMES, BIOES and BILOU: what goes on with a span, ends one, is one alone, and what shows that the
# file marks where spans end.
_CONTINUING, _ENDING, _SINGLE, _CLOSING = frozenset("IMEL"), frozenset("EL"), frozenset("SU"), frozenset("MESLU")
_TAG = re.compile(r"O|[BIMESLU]-\S+")
_COMMENT = re.compile(r"# ?(newdoc id|text_json|text)\s*=\s?(.*)")


def write(documents: Iterable[AnnotatedDocument], scheme: Scheme = "bio") -> str:
    """The documents' sentences, one character a line. See `losses` for what is left out."""
    blocks: list[str] = []
    for document in documents:
        refuse_labels_with_spaces(document)
        tags = _tags(document, scheme)
        for number, (start, end) in enumerate(_blocks(document)):
            lines = [f"# newdoc id = {document.id}"] if not number else []
            lines.append(f"# text_json = {json.dumps(document.text[start:end], ensure_ascii=False)}")
            lines += [f"{document.text[at]}\t{tags[at]}" for at in range(start, end) if not document.text[at].isspace()]
            blocks.append("\n".join(lines) + "\n\n")
    return "".join(blocks)


def losses(document: AnnotatedDocument) -> list[str]:
    """What the columns cannot hold of a document, one message each."""
    found = [f"{len(document.relations)} relations"] if document.relations else []
    said = sorted({entity.status for entity in document.entities if entity.status is not None})
    if said:
        found.append(f"the status of values ({', '.join(said)})")
    for entity in document.entities:
        span = document.text[entity.start : entity.end]
        if span != span.strip():
            found.append(f"white space at the edge of {entity.label} {entity.id} {span!r}")
    if not document.id.strip() or document.id != document.id.strip() or len(document.id.splitlines()) != 1:
        found.append(f"the id {document.id!r}")
    unheld = sorted(set(document.meta))
    if unheld:
        names = ("which values have their period earlier" if key == EARLIER_PERIOD else key for key in unheld)
        found.append(f"meta: {', '.join(names)}")
    return found


def read(content: str, name: str = "annotations") -> list[AnnotatedDocument]:
    """The documents of a file of columns: the first is the token, the last its tag, in BIO, BMES, BIOES or BILOU.

    A document begins at `# newdoc` or -DOCSTART-; without either the file is one. Raises AnnotationError with every
    fault: unknown tags, a span that continues nothing or is not closed, tokens that are not in their sentence.
    """
    faults = Faults(name)
    documents: list[AnnotatedDocument] = []
    part = _Part(name)
    read_sentences = list(_sentences(content, faults))
    closes = any(tag[0] in _CLOSING for sentence in read_sentences for _, _, tag in sentence.tokens)
    for sentence in read_sentences:
        if sentence.document is not None:
            documents += part.documents(faults)
            part = _Part(sentence.document or f"{name}-{len(documents) + 1}")
        part.take(sentence, closes, faults)
    documents += part.documents(faults)
    note_repeated_ids(documents, faults)
    faults.raise_if_any()
    return documents


@dataclass
class _Sentence:
    """A block of lines. `document` is the id of the document that it begins, empty where it has none."""

    document: str | None = None
    text: str | None = None
    ends_line: bool = False
    tokens: list[_Token] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.document is None and self.text is None and not self.tokens


@dataclass
class _Part:
    """A document while its sentences come in."""

    document_id: str
    text: str = ""
    entities: list[AnnotatedEntity] = field(default_factory=list)
    is_begun: bool = False

    def take(self, sentence: _Sentence, closes: bool, faults: Faults) -> None:
        """Add a sentence; `closes` says whether the file's scheme marks where a span ends."""
        if self.text and sentence.ends_line and not self.text.endswith("\n"):
            self.text += "\n"
        self.is_begun = True
        text = sentence.text if sentence.text is not None else _joined([token for _, token, _ in sentence.tokens])
        offset = len(self.text)
        places = _places(text, sentence.tokens, faults)
        for label, first, last in _spans(sentence.tokens, closes, faults):
            if first in places and last in places:
                start, end = offset + places[first][0], offset + places[last][1]
                number = len(self.entities) + 1
                self.entities.append(AnnotatedEntity(id=f"e{number}", label=label, start=start, end=end))
        self.text += text

    def documents(self, faults: Faults) -> Iterator[AnnotatedDocument]:
        if self.is_begun:
            document = AnnotatedDocument(id=self.document_id, text=self.text, entities=tuple(self.entities))
            note_inconsistencies(document, faults)
            yield document


def _blocks(document: AnnotatedDocument) -> Iterator[tuple[int, int]]:
    """Sentences with the white space after them, so that together they are the text; none cuts through a span."""
    cuts = [start for start, _ in sentences(document.text)][1:]
    inside = {at for entity in document.entities for at in range(entity.start + 1, entity.end)}
    edges = [0, *(cut for cut in cuts if cut not in inside), len(document.text)]
    yield from pairwise(edges)


def _tags(document: AnnotatedDocument, scheme: Scheme) -> list[str]:
    tags = ["O"] * len(document.text)
    for entity in document.entities:
        places = [at for at in range(entity.start, entity.end) if not document.text[at].isspace()]
        prefixes = ["B", *"I" * (len(places) - 1)]
        if scheme == "bmes":
            prefixes = ["S"] if len(places) == 1 else ["B", *"M" * (len(places) - 2), "E"]
        for at, prefix in zip(places, prefixes, strict=False):
            tags[at] = f"{prefix}-{entity.label}"
    return tags


def _sentences(content: str, faults: Faults) -> Iterator[_Sentence]:
    """The blocks of a file. Lines end at line feeds alone: a token may be any other character."""
    sentence = _Sentence()
    for number, line in enumerate(content.removeprefix("\ufeff").split("\n"), 1):
        line = line.removesuffix("\r")  # noqa: PLW2901 - a file saved on Windows
        columns = line.split("\t") if "\t" in line else line.split()
        comment = _COMMENT.match(line)
        if not line.strip():
            if not sentence.is_empty:
                yield sentence
            sentence = _Sentence()
        elif columns[0] == "-DOCSTART-":
            sentence = _Sentence(document="")
        elif comment and not (len(columns) == 2 and _TAG.fullmatch(columns[1])):
            _take_comment(comment[1], comment[2], number, sentence, faults)
        elif len(columns) > 1 and _TAG.fullmatch(columns[-1]):
            sentence.ends_line = sentence.text is None
            sentence.tokens.append((number, columns[0], columns[-1]))
        elif not line.startswith("#"):
            remedy = "write a token and its tag: O, or B- I- M- E- S- and the label"
            faults.add("it is no token with a tag", remedy=remedy, line=number, place=f"{line!r:.40}")
    if not sentence.is_empty:
        yield sentence


def _take_comment(key: str, value: str, number: int, sentence: _Sentence, faults: Faults) -> None:
    if key == "newdoc id":
        sentence.document = value.strip()
    elif key == "text":
        sentence.text, sentence.ends_line = value, True
    else:
        try:
            sentence.text = str(json.loads(value))
        except ValueError:
            faults.add("it is no JSON string", remedy="write the sentence as one", line=number, place=f"{value!r:.40}")


def _joined(tokens: list[str]) -> str:
    """Tokens as a text: a space stands only between two that end and begin with Latin letters or digits."""
    text = ""
    for token in tokens:
        is_apart = len(token) > 1 and text[-1:].isascii() and text[-1:].isalnum() and token[0].isascii()
        text += f" {token}" if is_apart and token[0].isalnum() else token
    return text


def _places(text: str, tokens: list[_Token], faults: Faults) -> dict[int, tuple[int, int]]:
    """Where each token (by its place in the list) stands in the sentence."""
    places: dict[int, tuple[int, int]] = {}
    at = 0
    for index, (number, token, _) in enumerate(tokens):
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(token, at):
            message = f"the sentence goes on with {text[at : at + 10]!r}"
            faults.add(message, remedy="correct the token or the sentence", line=number, place=f"{token!r}")
            return places
        places[index] = at, at + len(token)
        at += len(token)
    if text[at:].strip() and tokens:
        message = f"the sentence goes on after its last token, with {text[at : at + 10]!r}"
        faults.add(message, remedy="give every character a line", line=tokens[-1][0])
    return places


def _spans(tokens: list[_Token], closes: bool, faults: Faults) -> Iterator[tuple[str, int, int]]:
    """(label, first token, last token) of every span."""
    begun: tuple[str, int] | None = None
    for index, (number, token, tag) in enumerate([*tokens, (tokens[-1][0] if tokens else 0, "", "O")]):
        prefix, _, label = tag.partition("-")
        continues = begun is not None and begun[0] == label and prefix in _CONTINUING
        if begun is not None and not continues:
            if closes:
                remedy = f"end the span with E-{begun[0]}"
                faults.add(f"the {begun[0]} before it is not closed", remedy=remedy, line=number, place=f"{token!r}")
            else:
                yield begun[0], begun[1], index - 1
            begun = None
        if prefix in _CONTINUING and not continues:
            remedy = f"begin the span with B-{label}"
            faults.add(f"{tag} continues no span", remedy=remedy, line=number, place=f"{token!r}")
        elif prefix == "B":
            begun = label, index
        elif prefix in _SINGLE:
            yield label, index, index
        elif prefix in _ENDING and begun is not None:
            yield label, begun[1], index
            begun = None
