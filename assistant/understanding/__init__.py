"""Words to meaning, said as facts: scores that the minds may weigh. Decides nothing."""
