"""Recordings that were made elsewhere, made into calls as if Sottovoce had been there."""
