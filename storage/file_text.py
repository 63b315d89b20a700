"""The text inside evidence files and the dates they say of themselves, read in one worker process so that a crash costs a proposal, never the file.

One file at a time, in the order asked; the worker starts at the first, is replaced when it hangs, dies or has read many,
and ends when nothing was asked for a while.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from storage.errors import NotFoundError
from storage.files import FileStore
from storage.text_process import Limits, TextProcess

log = logging.getLogger(__name__)

READ_KINDS = frozenset({"docx", "xlsx", "pdf", "text"})
"""What is looked into; of `storage.file_types.KINDS`."""

DATED_KINDS = frozenset({"docx", "xlsx", "pptx", "ofd", "pdf", "jpeg"})
"""What may say when it was made."""

_KEPT = "文件已照常保存，请选一下它证明哪一项"
SENTENCES = {
    "kind": f"这种文件系统不看里面的文字，{_KEPT}",
    "empty": f"这个文件里没有能读出的文字，可能是扫描件，{_KEPT}",
    "broken": f"这个文件里的文字读不出来，可能没有传完整，{_KEPT}",
    "locked": f"这个文件设了密码或限制，里面的文字读不出来，{_KEPT}",
    "large": f"这个文件里的内容太多，系统没有读里面的文字，{_KEPT}",
    "slow": f"这个文件读得太久，系统没有读完里面的文字，{_KEPT}",
    "busy": f"现在文件太多，系统来不及读这个文件里的文字，{_KEPT}",
    "missing": "这个文件不在证据文件夹里，请联系质量科",
}
"""Why there is no text, said to a person."""


class FileText(NamedTuple):
    """The text inside a file, from its beginning; ``cut`` where the file has more than was read."""

    text: str
    cut: bool = False


class FileDates(NamedTuple):
    """When a file says it was made and last saved: ISO times, with an offset where it has one; empty: it does not say."""

    made: str
    saved: str


class NoText(NamedTuple):
    """Why nothing was read: a key of `SENTENCES`, and its sentence."""

    why: str

    @property
    def sentence(self) -> str:
        """Said to the person who sent the file."""
        return SENTENCES[self.why]


class TextReader:
    """Reads what is inside kept files. Close it with the event loop it was used in."""

    def __init__(self, store: FileStore, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._store = store
        self._limits = limits
        self._turn = asyncio.Lock()  # first come, first served
        self._worker: TextProcess | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def worker_pid(self) -> int | None:
        """The process that reads, while there is one."""
        return self._worker.pid if self._worker else None

    async def text_of(self, ref: str, kind: str) -> FileText | NoText:
        """The text inside a kept file, or why there is none. Never raises for what a file is.

        Args:
            kind: what the store says the file is, of `storage.file_types.KINDS`.
        """
        answer = await self._answer(ref, kind) if kind in READ_KINDS else NoText("kind")
        return answer if isinstance(answer, NoText) else FileText(answer["text"], answer["cut"])

    async def dates_of(self, ref: str, kind: str) -> FileDates | NoText:
        """When a kept file says it was made, or why that cannot be read. Never raises for what a file is.

        Args:
            kind: as of `text_of`.
        """
        answer = await self._answer(ref, kind, dates=True) if kind in DATED_KINDS else NoText("kind")
        return answer if isinstance(answer, NoText) else FileDates(answer["made"], answer["saved"])

    async def close(self) -> None:
        """End the worker; the next file would start another."""
        async with self._turn:
            if ending := self._end():
                await ending

    async def _answer(self, ref: str, kind: str, *, dates: bool = False) -> dict[str, Any] | NoText:
        """What the worker says of a kept file, once it is this file's turn."""
        try:
            path = self._store.path_of(ref)
        except NotFoundError:
            return NoText("missing")
        try:
            async with asyncio.timeout(self._limits.patience_seconds):
                await self._turn.acquire()
        except TimeoutError:
            return self._without(ref, kind, "busy")
        try:
            answer = await self._read(path, kind, dates=dates)
        finally:
            self._turn.release()
        if "why" in answer:
            return self._without(ref, kind, answer["why"], answer.get("error", ""))
        return answer

    async def _read(self, path: Path, kind: str, *, dates: bool) -> dict[str, Any]:
        self._stay_awake()
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                answer = await self._ask(path, kind, dates=dates)
                if answer is None and not self._ran_out_of_time:
                    # a warm worker may have died of something else; a file that killed it does so again
                    answer = await self._ask(path, kind, dates=dates)
        except TimeoutError:
            self._end()
            return {"why": "slow"}
        except BaseException:  # asked no more: its answer must not be taken for the next one's
            self._end()
            raise
        if answer is None:
            answer = {"why": "slow" if self._ran_out_of_time else "broken", "error": "died"}
        self._fall_asleep_later()
        return answer

    async def _ask(self, path: Path, kind: str, *, dates: bool) -> dict[str, Any] | None:
        if self._worker and not self._worker.usable:
            self._end()
        self._worker = self._worker or TextProcess(self._limits)
        return await asyncio.to_thread(partial(self._worker.ask, path, kind, dates=dates))

    @property
    def _ran_out_of_time(self) -> bool:
        return self._worker is not None and self._worker.ran_out_of_time

    def _end(self) -> asyncio.Future[None] | None:
        """Ends the worker from a thread, for a large process takes its time to go; nobody needs to wait for it."""
        self._stay_awake()
        worker, self._worker = self._worker, None
        return asyncio.get_running_loop().run_in_executor(None, worker.end) if worker else None

    def _stay_awake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _fall_asleep_later(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(self._limits.idle_seconds, self._end)

    def _without(self, ref: str, kind: str, why: str, error: str = "") -> NoText:
        log.info("nothing read inside %s (%s): %s %s", ref, kind, why, error)
        return NoText(why)
