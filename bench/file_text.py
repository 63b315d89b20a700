"""What does reading the inside of a file cost, and who waits for it?

A file of each kind, read by a worker just started (cold) and by one that has read its kind before (warm); the worker's
memory; beside it a bare interpreter, the floor of any process. While they are read the event loop counts how long it
was kept from turning. Medians of nine rounds.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import openpyxl
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from storage.file_text import FileText, TextReader
from storage.files import FileStore

ROUNDS = 9
LINE = "常新政办〔2026〕35号，2026年3月14日召开质量工作例会，培训率95%，共12家企业参加。"


def a_docx() -> bytes:
    made = docx.Document()
    for _ in range(100):
        made.add_paragraph(LINE)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def an_xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in range(300):
        book.worksheets[0].append([row, "电梯", LINE[:20], 0.95])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_pdf() -> bytes:
    writer = PdfWriter()
    font = DictionaryObject(
        {NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in
         (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"))}
    )  # fmt: skip
    for _ in range(5):
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        content.set_data(b"BT /F1 12 Tf 72 770 Td " + b"(quality work meeting 2026-03-14) Tj 0 -14 Td " * 50 + b"ET")
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def timed_ms(reader: TextReader, ref: str, kind: str) -> float:
    start = time.perf_counter()
    found = await reader.text_of(ref, kind)
    took_ms = (time.perf_counter() - start) * 1e3
    if not isinstance(found, FileText):
        raise SystemExit(f"{kind}: {found.sentence}")
    return took_ms


def most_mb(pid: int | None) -> float:
    """The most memory a process ever held; nan where the system does not show it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return float("nan")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def held_up_ms(longest: list[float]) -> None:
    """Notes the longest time the loop was kept from turning."""
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        longest[0] = max(longest[0], (time.perf_counter() - start) * 1e3 - 1)


def floor_ms() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return (time.perf_counter() - start) * 1e3


async def measure(store: FileStore, kind: str, content: bytes) -> None:
    ref = str((await store.store(chunks(content), "file", len(content)))["ref"])
    cold, warm, memory, longest = [], [], [], [0.0]
    watch = asyncio.create_task(held_up_ms(longest))
    for _ in range(ROUNDS):
        async with TextReader(store) as reader:
            cold.append(await timed_ms(reader, ref, kind))
            warm.append(await timed_ms(reader, ref, kind))
            memory.append(most_mb(reader.worker_pid))
    watch.cancel()
    figures = [statistics.median(figure) for figure in (cold, warm, memory)]
    print(
        f"{kind:5} cold {figures[0]:4.0f} ms, warm {figures[1]:5.1f} ms, {figures[2]:3.0f} MB; loop held {longest[0]:.0f} ms"
    )


async def main() -> None:
    print(f"a bare interpreter: {statistics.median(floor_ms() for _ in range(ROUNDS)):.0f} ms")
    files = {"text": (LINE * 100).encode(), "docx": a_docx(), "xlsx": an_xlsx(), "pdf": a_pdf()}
    with tempfile.TemporaryDirectory() as folder:
        for kind, content in files.items():
            await measure(FileStore(Path(folder) / "evidence"), kind, content)


if __name__ == "__main__":
    asyncio.run(main())
