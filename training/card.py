"""A model's `README.md`, rendered from its `meta.json`."""

from __future__ import annotations

from typing import Any

#: Scores that the card shows, with what they are called there.
_ROWS = {
    "spans": "spans, all labels",
    "spans:core": "spans, amount + indicator + project + growth",
    "spans:INDICATOR": "INDICATOR",
    "spans:AMOUNT": "AMOUNT",
    "spans:QUANTITY": "QUANTITY",
    "spans:RATIO": "RATIO",
    "spans:GROWTH": "GROWTH",
    "spans:PROJECT": "PROJECT",
    "spans:PERIOD": "PERIOD",
    "links:indicator": "links value -> indicator, end to end",
    "links:project": "links value -> project, end to end",
    "links:period": "links value -> period, end to end",
    "status": "status, end to end",
    "values": "values with status and all links, end to end",
}


def render(meta: dict[str, Any]) -> str:
    """The card in Markdown."""
    encoder, train, held_out = meta["base_encoder"], meta["data"]["train"], meta["data"]["held_out"]
    served, exact = meta["metrics"]["model"], meta["metrics"]["exact"]
    lines = [
        f"# {meta['version']}",
        "",
        "Tags the indicators, amounts, quantities, ratios, growth rates, projects and periods of Chinese government",
        "and finance reports, links each value to what it belongs to, and tells actuals from targets, forecasts and",
        "budgets.",
        "Rendered from `meta.json`; do not edit.",
        "",
        "| | |",
        "|---|---|",
        f"| labels | {', '.join(meta['labels'])} |",
        f"| base encoder | {encoder['source']} ({encoder['licence']}), sha256 {encoder['sha256'][:16]}… |",
        *_started_from(encoder),
        f"| trained on | {_size(train)} |",
        f"| held out | {_size(held_out)} |",
        f"| made on | {meta['date']} |",
        "",
        "## Scores on the held-out documents",
        "",
        "Strict: label, start and end must all be right. int8 is what is served (`model.onnx`).",
        "",
        "| | P | R | F1 (int8) | F1 (fp32) | gold |",
        "|---|---|---|---|---|---|",
        *(_row(title, served[name], exact[name]) for name, title in _ROWS.items() if name in served),
        "",
        *_calibration(meta),
        "## Files",
        "",
        "`model.onnx` serves; `model.safetensors` (half precision) with `config.json` and `vocab.txt` is what training",
        "goes on from; `meta.json` holds the recipe, the digests of the data, every score and the calibration.",
        "",
    ]
    return "\n".join(lines)


def _started_from(encoder: dict[str, Any]) -> list[str]:
    before = encoder.get("started_from")
    return [f"| training went on from | {before['version']}, sha256 {before['sha256'][:16]}… |"] if before else []


def _size(data: dict[str, Any]) -> str:
    return f"{data['documents']} documents, {data['characters']:,} characters, {data['entities']:,} spans"


def _row(title: str, served: dict[str, float], exact: dict[str, float]) -> str:
    return (
        f"| {title} | {served['precision']:.3f} | {served['recall']:.3f} | **{served['f1']:.3f}** "
        f"| {exact['f1']:.3f} | {served['gold']:.0f} |"
    )


def _calibration(meta: dict[str, Any]) -> list[str]:
    if "reliability" not in meta:
        return []
    reliability = meta["reliability"]
    rows = [
        f"| {b['low']:.1f}–{b['high']:.1f} | {b['count']} | {b['confidence']:.3f} | {b['accuracy']:.3f} |"
        for b in reliability["bins"]
    ]
    return [
        "## Confidence",
        "",
        f"Expected calibration error of entities on the held-out documents: {reliability['ece']:.3f}.",
        "",
        "| confidence | entities | mean confidence | right |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
