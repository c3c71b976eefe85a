"""Things that go wrong, done on purpose and counted: one module for each kind."""
