"""Sentences about whole calls, true ones and such as models write, against the check."""
