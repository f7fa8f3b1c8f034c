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
    "facts": "facts, end to end",
    "facts:undated": "facts, end to end, whatever the period",
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
        *_compared(meta),
        *_cross_validated(meta),
        *_confidence(meta),
        "## Files",
        "",
        "`model.onnx` and `crf.npz` serve; `model.safetensors` (half precision) with `config.json` and `vocab.txt` is",
        "what training goes on from; `meta.json` holds the recipe, the digests of the data, every score, the",
        "calibration, and the bins of its reliability plot.",
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


def _compared(meta: dict[str, Any]) -> list[str]:
    found = meta.get("compared")
    if not found:
        return []
    said = {"better": "It is better.", "worse": "It is worse.", "undecided": "Neither is shown to be better."}
    return [
        f"## Beside {found['with']}, from which training went on",
        "",
        f"On the same documents, by a paired test: {said[found['verdict']]}",
        "",
        "| F1 | before | now | difference, 95 % interval | p |",
        "|---|---|---|---|---|",
        *(
            f"| {one['score']} | {one['first_f1']:.3f} | {one['second_f1']:.3f} "
            f"| {one['difference']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f}) | {one['p_randomization']:.3f} |"
            for one in found["comparisons"]
        ),
        "",
    ]


def _cross_validated(meta: dict[str, Any]) -> list[str]:
    found = meta.get("cross_validated")
    if not found:
        return []
    return [
        "## Scores by cross-validation",
        "",
        "The recipe's first part, on the training documents: each tagged by a model that has not seen it, nor any",
        "other of its title. `seeds` are the five source reports, each left out once.",
        "",
        "| documents | spans, F1 | core, F1 | links to indicators, F1 | status, F1 | facts, F1 | gold spans |",
        "|---|---|---|---|---|---|---|",
        *(_validated_row(name, scores) for name, scores in found.items()),
        "",
    ]


def _validated_row(name: str, scores: dict[str, Any]) -> str:
    figures = (scores[key]["f1"] for key in ("spans", "spans:core", "links:indicator", "status", "facts"))
    return f"| {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {scores['spans']['gold']:,.0f} |"


def _confidence(meta: dict[str, Any]) -> list[str]:
    kinds = meta.get("reliability", {})
    if not kinds:
        return []
    names = list(kinds)
    bins = zip(*(kinds[name]["bins"] for name in names), strict=True)
    return [
        "## Confidence",
        "",
        "Of the predictions with a confidence within a bin on the held-out documents: their mean confidence, the share",
        "that is right, and (how many there are). Expected calibration error: "
        + ", ".join(f"{name} {kinds[name]['ece']:.3f}" for name in names) + ".",
        "",
        f"| confidence | {' | '.join(names)} |",
        "|---|" + "---|" * len(names),
        *(f"| {row[0]['low']:.1f}–{row[0]['high']:.1f} | {' | '.join(map(_bin, row))} |" for row in bins),
        "",
        "What a minimal confidence leaves (`min_confidence`), spans:",
        "",
        "| at least | kept | wrong of these | P | R | F1 |",
        "|---|---|---|---|---|---|",
        *(
            f"| {point['min_confidence']:.2f} | {point['coverage']:.3f} | {point['risk']:.3f} "
            f"| {point['precision']:.3f} | {point['recall']:.3f} | {point['f1']:.3f} |"
            for point in meta["dial"][::2]
        ),
        "",
    ]  # fmt: skip


def _bin(found: dict[str, Any]) -> str:
    return f"{found['confidence']:.2f} → {found['accuracy']:.2f} ({found['count']})" if found["count"] else "–"
