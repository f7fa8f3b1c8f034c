"""Gold and predicted annotations in, scores out: spans, links, statuses, facts, confidences.

Everything here is a pure function of two `Annotation`s of the same text; nothing here runs a model.
"""

from zhibiao.evaluate.annotation import Annotation, LinkKey, SpanKey, from_document, from_entities, pair
from zhibiao.evaluate.calibration import dial, reliability, risk_coverage
from zhibiao.evaluate.counts import Counts
from zhibiao.evaluate.errors import Mistake, mistakes
from zhibiao.evaluate.evaluation import Evaluation
from zhibiao.evaluate.resampling import Comparison, Interval, compare, interval
from zhibiao.evaluate.scores import CORE, Scores, score

__all__ = [
    "CORE",
    "Annotation",
    "Comparison",
    "Counts",
    "Evaluation",
    "Interval",
    "LinkKey",
    "Mistake",
    "Scores",
    "SpanKey",
    "compare",
    "dial",
    "from_document",
    "from_entities",
    "interval",
    "mistakes",
    "pair",
    "reliability",
    "risk_coverage",
    "score",
]
