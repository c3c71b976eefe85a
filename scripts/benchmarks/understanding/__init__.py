"""How well what is said is understood: one module per task, each against data it never saw."""
