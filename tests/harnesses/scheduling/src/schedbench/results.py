"""One JSONL file a variant and repetition, and a summary at the end."""
from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any


class ResultsWriter:
    """Keeps its files open: each begins with a line about the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, IO[str]] = {}
        self.counts: Counter[str] = Counter()

    def write(self, *, variant: str, rep: int, **row: Any) -> None:
        name = f"{variant}_run{rep}"
        if name not in self.files:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.files[name] = open(self.folder / f"{name}.jsonl", "a", encoding="utf-8")
            if self.files[name].tell() == 0:
                self._line(name, {"type": "metadata", "variant": variant, "rep": rep, "started": _now()})
        self._line(name, {"variant": variant, "rep": rep, "timestamp": _now(), **row})
        self.counts[name] += 1

    def _line(self, name: str, row: dict[str, Any]) -> None:
        self.files[name].write(json.dumps(row, ensure_ascii=False) + "\n")
        self.files[name].flush()

    def close(self) -> None:
        for file in self.files.values():
            file.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "summary.json", "w", encoding="utf-8") as file:
            json.dump({"written": dict(self.counts), "ended": _now()}, file)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()
