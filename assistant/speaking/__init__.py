"""Cues become sound: the voice, the headset, and the murmur that brings them together."""
