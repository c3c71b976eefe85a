"""`python -m assistant` is `sottovoce`."""

from assistant.cli import main

main()
