"""Sound to facts: capture, spool, segments, recognisers, and the ear that drives them."""
