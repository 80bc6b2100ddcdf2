"""What goes wrong besides ``ValueError`` and ``OSError``."""

from __future__ import annotations


class NewsgraphError(ValueError):
    """Something in a file or frame is not as expected; the message begins with the place.

    ``file`` is the file, or what the frame is called, ``line`` the line in it from 1, where known.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class NewsgraphWarning(UserWarning):
    """Some input was left out, or read with a remark."""
