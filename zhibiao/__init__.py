"""Reads Chinese government and finance reports and returns the facts they state as exact, structured data."""
