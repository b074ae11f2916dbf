"""What ended items told, durable before it is told: a parent that was killed reads it at its next start."""
from __future__ import annotations

import json
import os
from typing import Any, Dict, Mapping, Optional

from expgraph_values import plain


class Spool:
    """Appends one line for each item that ended; without a path it keeps nothing."""

    def __init__(self, path: Optional[str], keys: Mapping[str, str]) -> None:
        self.keys, self.fd = keys, None
        if path:
            self.fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self.write({"type": "begin", "pid": os.getpid()})

    def keep(self, line: Dict[str, Any]) -> None:
        """Of items that are no cell nothing is kept."""
        key = self.keys.get(line["id"])
        if key is not None:
            self.write({"type": "end", "key": key, "end": line})

    def write(self, line: Dict[str, Any]) -> None:
        if self.fd is None:
            return
        data = memoryview(json.dumps(plain(line)).encode("ascii") + b"\n")
        while data:
            data = data[os.write(self.fd, data):]
        os.fsync(self.fd)
