"""Entry in, findings out. Minds touch no clock, file, thread, chance, log or library."""
