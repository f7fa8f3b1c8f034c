"""A Label Studio labelling configuration, read: which of its tags marks spans, which their status, which the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from zhibiao.errors import AnnotationError
from zhibiao.formats.assemble import STATUSES

_REMEDY = "use the one that `zhibiao annotations label-config` prints, or give yours a <Labels> for a <Text>"


@dataclass(frozen=True)
class Labelling:
    """The tags of one configuration.

    `labels` and `text` are the names of its <Labels> and <Text>, `variable` the key of a task's data that holds the
    text, `known` the labels. `status` is the name of the choices of a region that hold all four statuses, None without
    them; `relations` are the names that a relation may have, None where there is no <Relations>.
    """

    labels: str = "label"
    text: str = "text"
    variable: str = "text"
    status: str | None = "status"
    known: frozenset[str] | None = None
    relations: frozenset[str] | None = None


@dataclass
class _Tags:
    """What a walk over the configuration has met; each control with the values inside it."""

    texts: dict[str, str] = field(default_factory=dict)
    controls: list[tuple[str, dict[str, str], list[str]]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Text":
            self.texts[attributes.get("name", "")] = attributes.get("value", "").removeprefix("$")
        elif tag in ("Labels", "Choices", "Relations"):
            self.controls.append((tag, attributes, []))
        elif tag in ("Label", "Choice", "Relation") and self.controls:
            self.controls[-1][2].append(attributes.get("alias") or attributes.get("value", ""))


def read_config(config: str) -> Labelling:
    """The tags of a configuration that marks spans in a text; AnnotationError where it has none, or is no XML."""
    tags = _walk(config)
    spans = [one for one in tags.controls if one[0] == "Labels" and one[1].get("toName") in tags.texts]
    if not spans:
        raise AnnotationError([f"the labelling configuration marks no spans in a text; {_REMEDY}"])
    _, attributes, known = spans[0]
    text = attributes["toName"]
    return Labelling(
        labels=attributes.get("name", ""),
        text=text,
        variable=tags.texts[text],
        status=_status(tags, text),
        known=frozenset(known),
        relations=next((frozenset(values) for tag, _, values in tags.controls if tag == "Relations"), None),
    )


def _walk(config: str) -> _Tags:
    tags = _Tags()
    parser = expat.ParserCreate()
    parser.StartElementHandler = tags.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(config, True)
    except expat.ExpatError as error:
        raise AnnotationError([f"the labelling configuration is no XML ({error}); {_REMEDY}"]) from None
    return tags


def _refuse_doctype(*_: Any) -> None:  # noqa: ANN401 - expat's
    """A configuration needs no document type, and entities can be made to fill the memory."""
    raise AnnotationError([f"the labelling configuration declares a document type; {_REMEDY}"])


def _status(tags: _Tags, text: str) -> str | None:
    for tag, attributes, values in tags.controls:
        is_of_regions = attributes.get("perRegion", "").lower() == "true" and attributes.get("toName") == text
        if tag == "Choices" and is_of_regions and set(STATUSES) <= set(values):
            return attributes.get("name")
    return None
