"""A model folder + text -> entities, scored links and statuses."""

from zhibiao.tagger.tagger import Tagger, Tagging

__all__ = ["Tagger", "Tagging"]
