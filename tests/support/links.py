"""A link's other side in memory: what the page asks and what it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.port import FileRef

GOOD = "Abc_123-good"
ASKS = {
    "unit": "孟河镇",
    "label": "质量专题会",
    "questions": ["今年开了几次质量工作专题会议？"],
    "proof": ["会议通知", "会议纪要"],
    "until": "11月28日 09:00",
}
USED = "这个链接已经填过了，一个链接只填一次；要改请告诉发给您的同事"


class MemoryColleagues:
    """One good link, good for one answer; ``closed`` says why it is good for nothing."""

    def __init__(self, closed: str = "", lose: int = 0) -> None:
        self.closed, self.lose = closed, lose
        self.answers: list[tuple[str, str, tuple[FileRef, ...]]] = []

    async def question(self, code: str) -> dict[str, Any]:
        if code != GOOD:
            return {"refused": "没有这个链接", "state": "unknown"}
        if self.closed:
            return {"refused": self.closed, "state": "closed"}
        return {"refused": USED, "state": "used"} if self.answers else dict(ASKS)

    async def answer(self, code: str, name: str, said: str, files: Sequence[FileRef]) -> str:
        self.answers.append((name, said, tuple(files)))
        if self.lose:  # kept, and the reply is lost on the way
            self.lose -= 1
            raise ConnectionError("the line went dead")
        return ""
