"""What does an evidence pack of 2,000 files cost beside zipping the same bytes by the same methods?

Peer in the same run: `zipfile` writes the files under the same names with the same compression, without an index and
without looking whether they are still what was sent. Medians of five, turn by turn.
"""

from __future__ import annotations

import random
import resource
import statistics
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from reports.pack import CURRENT, Line, Pack, Wish
from reports.pack_index import write_index
from reports.pack_zip import STORED, write_pack
from storage.files import FileStore

FILES, ROUNDS, SEED = 2_000, 5, 20261121
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
KINDS = (("jpeg", "jpg", 400_000), ("pdf", "pdf", 300_000), ("docx", "docx", 40_000), ("ole", "doc", 60_000))
WORDS = "质量工作专题会议纪要 各镇街道和有关部门参加 研究部署名牌培育 标准化 计量 特种设备监管工作 "


def content(dice: random.Random, kind: str, size_bytes: int) -> bytes:
    """Bytes that compress as such a file does: pictures not at all, an old Word document well."""
    if kind in STORED:
        return dice.randbytes(size_bytes)
    lines = (f"{dice.randrange(10**6)} {WORDS}\n" for _ in range(size_bytes // 130))
    return "".join(lines).encode()


def filled(store: FileStore) -> Pack:
    dice, lines = random.Random(SEED), []
    for number in range(FILES):
        kind, ending, size_bytes = KINDS[number % len(KINDS)]
        made = content(dice, kind, size_bytes)
        ref = sha256(made).hexdigest()
        store.path_of(ref).parent.mkdir(parents=True, exist_ok=True)
        store.path_of(ref).write_bytes(made)
        path = f"{number % 9}镇/{number % 10:02d}_指标/1-2_专题会议_孟河镇_2026-03-14_{number}.{ending}"
        lines.append(line(number, path, ref, kind, len(made)))
    return Pack("2026 年度考核佐证材料目录", NOW, Wish(), tuple(lines), "第 1 行 0123456789abcdef")


def line(number: int, path: str, ref: str, kind: str, size_bytes: int) -> Line:
    about = ("孟河镇", "各镇考核", "1 组织领导", "1.2 质量专题会", "会议纪要", "专题会议", f"纪要{number}.pdf")
    return Line(*about, NOW.date(), NOW, "陈芳", "", "", CURRENT, "", size_bytes, ref, kind, path)


def plainly(pack: Pack, store: FileStore, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for one in pack.lines:
            method = zipfile.ZIP_STORED if one.kind in STORED else zipfile.ZIP_DEFLATED
            archive.write(store.path_of(one.ref), one.path, method)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        store = FileStore(Path(name) / "evidence")
        pack = filled(store)
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ours, peers, indexes = [], [], []
        for number in range(ROUNDS):
            start = time.perf_counter()
            plainly(pack, store, Path(name) / f"peer{number}.zip")
            middle = time.perf_counter()
            write_pack(pack, store, Path(name) / "pack.zip")
            peers.append(middle - start)
            ours.append(time.perf_counter() - middle)
            (Path(name) / f"peer{number}.zip").unlink()
            start = time.perf_counter()
            write_index(pack, Path(name) / "index.xlsx")
            indexes.append(time.perf_counter() - start)
        pack_s, peer_s, index_s = map(statistics.median, (ours, peers, indexes))
        most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{FILES} files, {pack.size_bytes / 1e6:.0f} MB: pack {pack_s:.2f} s, zipfile {peer_s:.2f} s:", end=" ")
        print(f"{pack_s / peer_s:.2f}; without its index ({index_s:.2f} s) {(pack_s - index_s) / peer_s:.2f};", end=" ")
        print(f"memory {before_mb:.0f} to {most_mb:.0f} MB")


if __name__ == "__main__":
    main()
