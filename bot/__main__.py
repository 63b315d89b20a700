"""``python -m bot``: the same as ``kaoping``."""

from bot.cli import main

main()
