"""What follows from all calls together."""
