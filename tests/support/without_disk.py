"""A test that ends with its process needs no disk: a good part of the suite's time was waiting for one.

What is killed and comes back runs in processes of its own, and those ask the disk for all of it.
"""

from __future__ import annotations

from storage import connections

SHIPPED = connections.WRITER


def settle() -> None:
    """Let this process's writers return from a commit before the disk has it."""
    connections.WRITER = tuple("synchronous = OFF" if "synchronous" in pragma else pragma for pragma in SHIPPED)
