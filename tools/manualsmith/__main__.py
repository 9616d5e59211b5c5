"""`python -m manualsmith` is the `manualsmith` command."""

from manualsmith.cli import main

main()
