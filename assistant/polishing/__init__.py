"""A language model of the user's own rewrites what the notes hold, and is checked word for word."""
