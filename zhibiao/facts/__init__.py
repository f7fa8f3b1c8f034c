"""From entities to facts: links, status, growth, periods, and what does not agree."""

from zhibiao.facts.building import build_facts
from zhibiao.facts.linking import link
from zhibiao.facts.status import decide_status

__all__ = ["build_facts", "decide_status", "link"]
