"""Sottovoce: a quiet companion for phone interviews, on the user's own machine."""

__version__ = "0.1.0"
