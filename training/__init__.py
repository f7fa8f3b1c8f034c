"""Annotations to model: the training recipe and its stages."""
