"""The way to the process that started pytest: one JSON object a line, and its word to stop."""
from __future__ import annotations

import json
import os
import stat
import threading
from typing import Any, Callable, Dict, Optional, Tuple

from expgraph_values import MAX_MESSAGE, SOFT, bounded_repr, plain


MAX_FD = 256


def pipe_of(fd: int) -> Optional[Tuple[int, int]]:
    """Which pipe or socket a descriptor is, None where it is something else."""
    try:
        seen = os.fstat(fd)
    except OSError:
        return None
    return (seen.st_dev, seen.st_ino) if stat.S_ISFIFO(seen.st_mode) or stat.S_ISSOCK(seen.st_mode) else None


class Link:
    """The descriptor to the parent, and its word to stop."""

    def __init__(self, number: str) -> None:
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.on_stop: Callable[[], None] = lambda: None
        self.fd = os.dup(int(number))  # a copy no child inherits, and no capture of 1 or 2 moves
        os.set_blocking(self.fd, True)
        if int(number) > 2:
            os.close(int(number))
        self.pipes = {pipe for pipe in (pipe_of(1), pipe_of(2)) if pipe is not None}
        self.stdin = self.take_stdin()

    @staticmethod
    def take_stdin() -> Optional[int]:
        """A pipe or socket is the parent's; under -s a test's child must not eat its words."""
        try:
            mode = os.fstat(0).st_mode
            if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
                return None
            copy, null = os.dup(0), os.open(os.devnull, os.O_RDONLY)
            os.set_blocking(copy, True)
            os.dup2(null, 0)
            os.close(null)
            return copy
        except OSError:
            return None

    def send(self, line: Dict[str, Any]) -> None:
        """Straight to the descriptor: what is written survives a kill -9 of this process."""
        self.send_json(plain(line))

    def send_json(self, line: Dict[str, Any]) -> None:
        """Data that is JSON already, however deep."""
        data = memoryview(json.dumps(line).encode("ascii") + b"\n")
        try:
            with self.lock:
                while data:
                    data = data[os.write(self.fd, data):]
        except OSError:
            self.orphan()

    def orphan(self) -> None:
        """The parent is gone: what is printed goes nowhere, or pytest would die of a broken pipe
        before the test that it is at has ended."""
        null = os.open(os.devnull, os.O_WRONLY)
        for fd in range(MAX_FD):  # capture keeps copies of 1 and 2
            if fd != null and pipe_of(fd) in self.pipes:
                os.dup2(null, fd)
        os.close(null)
        self.stop()

    def stop(self) -> None:
        """No further item starts; those under way end."""
        if not self.stopping.is_set():
            self.stopping.set()
            self.on_stop()

    def listen(self) -> None:
        """Body of the reader thread; the end of stdin means that the parent died."""
        rest = b""
        try:
            while True:
                chunk = os.read(self.stdin, 4096)  # type: ignore
                lines = (rest + chunk).split(b"\n")
                rest = lines.pop()[-4096:]
                if not chunk:
                    return self.orphan()
                if any(line.strip() == b"stop" for line in lines):
                    self.stop()
        except OSError:
            self.orphan()


class Guard:
    """An error of ours becomes a problem line, never an INTERNALERROR of the harness."""

    def __init__(self, problem: Callable[[str], None]) -> None:
        self.problem, self.failed = problem, False

    def __enter__(self) -> "Guard":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.failed = isinstance(error, SOFT)
        if self.failed:
            try:
                self.problem(f"expgraph plugin: {bounded_repr(error, MAX_MESSAGE)}")
            except SOFT:
                pass
        return self.failed
