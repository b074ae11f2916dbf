"""The process that writes: it turns pytest's reports into lines for the parent."""
from __future__ import annotations

import json
import os
import threading
from typing import Any, Dict, Iterator, List, Optional, Sequence

import pytest

from expgraph_values import MAX_MESSAGE, MAX_OUTPUT, MAX_PROBLEMS, MAX_STDERR, clean
from expgraph_cells import Job
from expgraph_link import Guard, Link
from expgraph_items import KEY
from expgraph_nodeids import Asked
from expgraph_spool import Spool


class Controller:
    """Hooks of the process that holds the descriptor: they turn reports into lines."""

    def __init__(self, job: Job, text: str, link: Link, asked: Sequence[Asked] = ()) -> None:
        self.job, self.text, self.link, self.asked = job, text, link, asked
        self.spool = Spool(os.environ.pop("EXPGRAPH_SPOOL", None), job.keys)
        self.cells: Dict[str, str] = {}
        self.states: Dict[str, Dict[str, Any]] = {}
        self.problems: set = set()
        self.lock, self.counted = threading.Lock(), False
        self.session: Any = None
        self.channels: List[Any] = []
        link.on_stop = self.halt

    def problem(self, message: str) -> None:
        """Each worker finds the same problems: say each once."""
        with self.lock:
            known = message in self.problems or len(self.problems) >= MAX_PROBLEMS
            self.problems.add(message)
        if not known:
            self.link.send({"type": "problem", "message": clean(message[:2 * MAX_MESSAGE])})

    def receive(self, data: Dict[str, Any]) -> None:
        """What an ItemSide has to say; from xdist's receiver threads, ahead of its events."""
        if "problem" in data:
            return self.problem(data["problem"])
        if "line" in data:
            return self.link.send_json(data["line"])
        with self.lock:
            first, self.counted = not self.counted, True
            self.cells.update(data["cells"])
        if first:
            self.link.send({"type": "collected", "items": data["items"]})
            if data["unmatched"]:
                self.link.send({"type": "unmatched", "ids": data["unmatched"]})

    def halt(self) -> None:
        """From any thread: end pytest's own loop, and tell the workers."""
        if self.session is not None:
            self.session.shouldstop = "stopped by expgraph"
        for channel in list(self.channels):
            with Guard(lambda message: None):  # a worker that is gone needs no word
                channel.send("stop")

    def pytest_sessionstart(self, session: Any) -> None:
        with Guard(self.problem):
            self.session = session
            if self.link.stopping.is_set():
                self.halt()
            if self.link.stdin is not None:
                threading.Thread(target=self.link.listen, name="expgraph", daemon=True).start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """The job goes first: a worker without it would run every test there is."""
        node.workerinput["expgraph_job"] = self.text
        node.workerinput["expgraph_asked"] = json.dumps(list(self.asked))
        with Guard(self.problem):
            channel = node.gateway.newchannel()
            channel.setcallback(lambda text: self.hear(channel, text))
            node.workerinput["expgraph_channel"] = channel
            self.channels.append(channel)

    def hear(self, channel: Any, text: str) -> None:
        """A word sent before the worker knows the channel is lost: repeat it in reply."""
        with Guard(self.problem):
            self.receive(json.loads(text))
            if self.link.stopping.is_set():
                channel.send("stop")

    def pytest_collectreport(self, report: Any) -> None:
        with Guard(self.problem):
            if report.failed:
                text = clean(report.longreprtext, MAX_MESSAGE)
                self.problem(f"{report.nodeid or 'collection'}: {text}")

    def pytest_internalerror(self, excrepr: Any) -> None:
        with Guard(self.problem):
            self.problem(f"pytest internal error: {clean(str(excrepr), MAX_MESSAGE)}")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        with Guard(self.problem):
            if nodeid in self.cells and nodeid not in self.states:  # a rerun starts anew
                self.state(nodeid)
                self.link.send({"type": "start", "id": self.cells[nodeid], "nodeid": nodeid})

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Before it is printed, which may break."""
        with Guard(self.problem):
            self.take(report)

    def state(self, nodeid: str) -> Dict[str, Any]:
        """What is known of an item under way."""
        return self.states.setdefault(nodeid, {"reruns": set(), "phases": {}})

    def repeats(self, report: Any, state: Dict[str, Any]) -> bool:
        """Whether pytest-rerunfailures tries again: then nothing of this attempt counts.
        Newer ones log the attempt's teardown too, or a second phase of it as a rerun."""
        attempt = getattr(report, "rerun", None)
        if report.outcome == "rerun":
            state["reruns"].add(len(state["reruns"]) if attempt is None else attempt)
            state["phases"] = {}
            return True
        return attempt in state["reruns"]

    def take(self, report: Any) -> None:
        """Gather the phases of an item until the last one, or the crash of its worker."""
        cell = self.cells.get(report.nodeid, note_of(report).get("cell"))
        if cell is None:
            return
        state = self.state(report.nodeid)
        if self.repeats(report, state):
            return
        phase = report.when if report.when in ("setup", "call", "teardown") else "crash"
        before = state["phases"].get(phase)
        subtest = type(report).__name__.lower() == "subtestreport"
        if not (before is not None and before.failed) and not (subtest and not report.failed):
            state["phases"][phase] = report
        if phase in ("teardown", "crash"):
            del self.states[report.nodeid]
            line = {"type": "end", "id": cell, "nodeid": report.nodeid, "reruns": len(state["reruns"])}
            whole = {**line, **verdict(state["phases"]), **evidence(report), **reads_so_far(),
                     "ran": note_of(report).get("ran") or []}
            self.spool.keep(whole)  # first: whoever reads the link may be gone
            self.link.send(whole)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> Iterator[None]:
        """Last of all, as other plugins may still change the status."""
        yield
        with Guard(self.problem):
            self.link.send({"type": "done", "exitstatus": int(session.exitstatus)})


def reads_so_far() -> Dict[str, int]:
    """How much observe/sitecustomize.py has told by now: what comes later is not this item's."""
    if "EXPGRAPH_READS" not in os.environ:
        return {}
    try:
        return {"reads": os.stat(os.environ["EXPGRAPH_READS"]).st_size}
    except OSError:
        return {"reads": 0}


def note_of(report: Any) -> Dict[str, Any]:
    """What makereport knew, empty for reports that xdist made up."""
    return getattr(report, KEY, None) or {}


def started_ms(report: Any) -> Optional[int]:
    """Of the phase that the outcome is of, since 1970; of a report that xdist made up nobody knows."""
    start = note_of(report).get("start")
    return None if start is None else round(start * 1000)


def outcome_of(report: Any) -> str:
    """pytest's failed is two things: the test's verdict, and anything else that broke."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        judged = report.when == "call" and note_of(report).get("assertion", True)
        return "failed" if judged else "error"
    return report.outcome


def message_of(report: Any) -> Optional[str]:
    """A strict xpass and a crashed worker have a text but no exception."""
    if outcome_of(report) == "passed":
        return None
    text = note_of(report).get("message") or getattr(report, "wasxfail", "") or report.longreprtext
    return clean(text[:MAX_MESSAGE]) or None


def verdict(phases: Dict[str, Any]) -> Dict[str, Any]:
    """The outcome is that of the first phase that did not pass, teardown's only an addition."""
    ran = [phases[name] for name in ("setup", "call", "crash", "teardown") if name in phases]
    body = [one for one in ran if one.when != "teardown"] or ran
    report = next((one for one in body if outcome_of(one) != "passed"), body[-1])
    last, outcome = ran[-1], outcome_of(report)
    broken = last.when == "teardown" and last.failed and last is not report
    texts = [clean(one.longreprtext, MAX_STDERR) for one in (report, last)
             if one.failed or outcome == "xfailed"]
    return {"outcome": outcome, "phase": report.when if report.when in phases else "call",
            "message": message_of(report), "is_assertion": outcome == "failed",
            "error": note_of(report).get("error") if outcome == "error" else None,
            "longrepr": next((text for text in texts if text), None),
            "started_ms": started_ms(report), "duration_ms": round(report.duration * 1000, 3),
            "teardown_error": message_of(last) if broken else None}


def evidence(report: Any) -> Dict[str, Any]:
    """What the test left behind; the last report of an item has it all."""
    pairs = [pair for pair in report.user_properties if len(pair) == 2]
    sections = report.sections[note_of(report).get("sections", 0):]

    def captured(name: str, limit: int) -> str:
        return clean("".join(text for title, text in sections if title.startswith(name)), limit)

    return {"record": next((value for key, value in reversed(pairs) if key == KEY), None),
            "properties": {str(key): value for key, value in pairs if key != KEY},
            # of the call alone where it printed: a session fixture's banner is not the output
            "stdout": captured("Captured stdout call", MAX_OUTPUT) or captured("Captured stdout", MAX_OUTPUT),
            "stderr": captured("Captured stderr", MAX_STDERR), "log": captured("Captured log", MAX_STDERR)}
