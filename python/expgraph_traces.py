"""The traces that a harness sends to LangSmith by itself, below the trace of expgraph's or beside it.

langsmith is never imported from here: a harness that has not loaded it traces nothing. Whatever of it is not as
expected (another version), the test runs as it would without us.
"""
from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import sys
import time
import urllib.parse
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest

from expgraph_values import SOFT, peek, plain

STARTED: Any = pytest.StashKey()
MAX_FEEDBACK = 100
FEEDBACK: Dict[str, List[Dict[str, Any]]] = {}


def run_traced(item: pytest.Item, trace: Dict[str, Any], tell: Callable[[Dict[str, Any]], None]) -> Callable[[], None]:
    """Makes the test's own traces part of ours while it runs; what it gives back undoes that.

    Async tests run in a context of their own, which knows nothing of what is set around them: what is set for them
    is set inside. It is done at the last moment, so that it stands around langsmith's own wrapper.
    """
    original: Callable[[], Any] = item.runtest

    def runtest() -> Any:
        joined = prepared(item, trace, tell)
        if joined is None:
            return original()
        function = peek(item, "obj")
        if not inspect.iscoroutinefunction(function):
            with entered(joined):
                return original()

        @functools.wraps(function)
        async def within(*args: Any, **kwargs: Any) -> Any:
            with entered(joined):
                return await function(*args, **kwargs)

        item.obj = within  # type: ignore
        try:
            return original()
        finally:
            item.obj = function  # type: ignore

    item.runtest = runtest  # type: ignore

    def undo() -> None:
        item.__dict__.pop("runtest", None)

    return undo


@contextlib.contextmanager
def entered(joined: Callable[[], Any]) -> Iterator[None]:
    """What goes wrong with it is not the test's."""
    stack = contextlib.ExitStack()
    try:
        stack.enter_context(joined())
    except SOFT:
        pass
    try:
        yield
    finally:
        try:
            stack.close()
        except SOFT:
            pass


def prepared(item: pytest.Item, trace: Dict[str, Any], tell: Callable[[Dict[str, Any]], None]) -> Optional[Callable[[], Any]]:
    """The context to run in; None where nothing is traced there."""
    try:
        helpers, utils = sys.modules.get("langsmith.run_helpers"), sys.modules.get("langsmith.utils")
        if helpers is None or utils is None or utils.tracing_is_enabled() is not True:
            return None
        is_test_of_theirs = item.get_closest_marker("langsmith") is not None and not utils.test_tracking_is_disabled()
        if STARTED not in item.stash:  # an attempt more of pytest-rerunfailures is the same trace
            item.stash[STARTED] = int(time.time() * 1000)
        started = item.stash[STARTED]
        tell({"started_ms": started})
        own = trace_id(started, trace["seed"])
        told = {"expgraph_run_id": own, **{f"expgraph_{name}": value for name, value in (trace.get("facts") or {}).items()}}
        current = helpers.get_tracing_context()
        kept = {name: current[name] for name in ("tags", "enabled", "client", "replicas") if current.get(name) is not None}
        kept["metadata"] = {**(current.get("metadata") or {}), **told}
        project = trace.get("project")
        if project is None or is_test_of_theirs:
            return functools.partial(beside, helpers, kept, tell)
        headers = {"langsmith-trace": f"{moment(started)}{own}",
                   "baggage": f"langsmith-project={urllib.parse.quote(project)}"}
        # versions before 0.4 take no project out of headers
        parent = sys.modules["langsmith.run_trees"].RunTree.from_headers(headers, project_name=project)
        return functools.partial(helpers.tracing_context, parent=parent, **kept)
    except SOFT:
        return None


@contextlib.contextmanager
def beside(helpers: Any, kept: Dict[str, Any], tell: Callable[[Dict[str, Any]], None]) -> Iterator[None]:
    """A test of langsmith's plugin has to be the root of its own experiment: each names the other."""
    internal = sys.modules.get("langsmith.testing._internal")
    case = peek(internal, "_TEST_CASE")
    before = case.get() if case is not None else None
    heed(internal)
    try:
        with helpers.tracing_context(**kept):
            yield
    finally:
        try:
            now = case.get() if case is not None else None
            if now is not None and now is not before:
                tell(theirs(now))
        except SOFT:
            pass


def theirs(case: Any) -> Dict[str, Any]:
    """Their run: its id, its experiment, and what the test said of it."""
    run = str(case.run_id)
    told = {"run_id": run, "feedback": FEEDBACK.pop(run, [])}
    session, started = peek(peek(case, "test_suite"), "experiment_id"), peek(case, "run_start_time")
    if session is not None:
        told["session_id"] = str(session)
    if started is not None:
        told["started_at"] = started.isoformat()
    return told


def heed(internal: Any) -> None:
    """Once: what a test says by log_feedback goes where it goes, and is written down."""
    kind = peek(internal, "_TestCase")
    submit = peek(kind, "submit_feedback")
    if submit is None or hasattr(submit, "_expgraph"):
        return

    @functools.wraps(submit)
    def submit_feedback(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = submit(self, *args, **kwargs)
        try:
            said = kwargs.get("feedback", args[1] if len(args) > 1 else None)
            known = FEEDBACK.setdefault(str(self.run_id), [])
            for one in said if isinstance(said, list) else [said]:
                if isinstance(one, dict) and len(known) < MAX_FEEDBACK:
                    known.append({name: plain(one.get(name), 4) for name in ("key", "score", "value", "comment")})
        except SOFT:
            pass
        return result

    submit_feedback._expgraph = True  # type: ignore
    kind.submit_feedback = submit_feedback


def trace_id(started_ms: int, seed: str) -> str:
    """As src/core/trace.ts makes it: a UUID of version 7 of the time and a hash."""
    digits = f"{started_ms:012x}"[-12:] + hashlib.sha256(seed.encode("utf-8")).hexdigest()[:20]
    variant = f"{(int(digits[16], 16) & 3) | 8:x}"
    text = f"{digits[:12]}7{digits[13:16]}{variant}{digits[17:32]}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def moment(started_ms: int) -> str:
    """The time of a dotted order; a root is the first of its trace."""
    seconds, millis = divmod(started_ms, 1000)
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(seconds))}{millis:03d}001Z"
