"""Which functions of the project an item executed: a witness of what was worked out from its code (expgraph_reach.py).

By `sys.monitoring` (Python 3.12), all threads and tasks at once. Other code is told once and never again; a function of the
project that is called very often is let go until the next item. Where no tool id is free, nothing is watched: coverage and
debuggers have theirs.
"""
from __future__ import annotations

import inspect
import os
import sys
from typing import Any, Dict, List, Optional, Sequence, Tuple

TOOL_IDS = (4, 3)  # the others are spoken for: a debugger, coverage, a profiler, an optimizer
HOT = 5_000
MOST = 5_000


class Ran:
    """`begin` with each item; `told` is what it executed so far, "file:name" of definitions at the top of their files."""

    def __init__(self, folder: str, files: Sequence[str]) -> None:
        self.files = {os.path.realpath(os.path.join(folder, name)): name for name in files}
        self.known: Dict[int, Tuple[Any, str]] = {}  # with its code, whose id is nobody else's as long as it lives
        self.counts: Dict[int, int] = {}
        self.is_hot = False
        self.tool: Optional[int] = None

    def start(self) -> None:
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is None or not self.files:
            return
        for tool in TOOL_IDS:
            try:
                monitoring.use_tool_id(tool, "expgraph")
            except ValueError:  # somebody's
                continue
            self.tool = tool
            monitoring.register_callback(tool, monitoring.events.PY_START, self.hit)
            monitoring.set_events(tool, monitoring.events.PY_START)
            return

    def stop(self) -> None:
        if self.tool is not None:
            tool, self.tool = self.tool, None
            sys.monitoring.set_events(tool, 0)  # type: ignore
            sys.monitoring.free_tool_id(tool)  # type: ignore

    def begin(self) -> None:
        self.counts = {}
        if self.is_hot and self.tool is not None:
            self.is_hot = False
            sys.monitoring.restart_events()  # type: ignore

    def hit(self, code: Any, offset: int) -> Any:
        key = id(code)
        count = self.counts[key] = self.counts.get(key, 0) + 1
        if key not in self.known:
            name = self.name_of(code)
            if name is None:
                self.counts.pop(key, None)
                return sys.monitoring.DISABLE  # type: ignore
            self.known[key] = (code, name)
        if count < HOT:
            return None
        self.is_hot = True
        return sys.monitoring.DISABLE  # type: ignore

    def name_of(self, code: Any) -> Optional[str]:
        """None: not the project's, or no function: bodies of modules and classes run when they are imported."""
        name = code.co_qualname.split(".")[0]
        if name.startswith("<") or not code.co_flags & inspect.CO_OPTIMIZED:
            return None
        try:
            shown = self.files.get(code.co_filename) or self.files.get(os.path.realpath(code.co_filename))
        except (OSError, ValueError):  # a name that is no path: an exception here would be the test's
            return None
        return None if shown is None else "%s:%s" % (shown, name)

    def told(self) -> List[str]:
        return sorted({self.known[key][1] for key in list(self.counts) if key in self.known})[:MOST]
