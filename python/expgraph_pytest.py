"""pytest plugin of expgraph: run the pending cells of an experiment, stream each result.

expgraph starts one pytest process with `-p expgraph_pytest`, a job file (EXPGRAPH_JOB) and a
descriptor to write to (EXPGRAPH_FD), one JSON object a line. Only the process that was handed
the descriptor writes; xdist workers get the job by `workerinput` and answer over an execnet
channel and on their reports. Without EXPGRAPH_FD only the `expgraph` fixture is left.
"""
from __future__ import annotations

import dataclasses
import json
import math
import os
import stat
import threading
from collections.abc import Mapping
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

import pytest

KEY = "_expgraph"  # the user property that carries a record, and the attribute of our reports
LINK = "expgraph-link"
RUN_PARAM = "_expgraph_run"
REPEAT_PARAM = "__pytest_repeat_step_number"
MAX_OUTPUT, MAX_STDERR, MAX_MESSAGE, MAX_PROBLEMS = 1_000_000, 16_000, 2_000, 500
INPUT_KEYS = ("input", "prompt", "question")
SOFT = (Exception, pytest.fail.Exception, pytest.skip.Exception)  # what harness code may raise
CELL: Any = pytest.StashKey()
PLACE: Any = pytest.StashKey()
SECTIONS: Any = pytest.StashKey()
JOB: Any = pytest.StashKey()


# ---- values of the harness as text and JSON ------------------------------------------------

def clean(text: str, limit: int = MAX_OUTPUT) -> str:
    """The tail that may be sent: neither execnet nor a UTF-8 file takes a lone surrogate."""
    text = str.__str__(text)[-limit:]
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def bounded_repr(value: Any, limit: int = 200) -> str:
    """A repr that can neither raise nor flood."""
    try:
        return clean(repr(value)[:limit])
    except SOFT:
        return f"<{type(value).__name__} without repr>"


def peek(value: Any, name: str) -> Any:
    """A key of a dict or an attribute of an object, None where reading it fails."""
    try:
        return value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    except SOFT:
        return None


def unfold(value: Any) -> Any:
    """Clients' answers are often dataclasses or pydantic models: send their fields."""
    if isinstance(value, type):
        return value
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    dump = getattr(value, "model_dump", None)
    dumped = dump() if callable(dump) else None
    return dumped if isinstance(dumped, dict) else value


def plain(value: Any, depth: int = 16, budget: Optional[List[int]] = None) -> Any:
    """JSON-able copy; depth and budget stop cycles and values that share parts endlessly."""
    budget = [8_000_000] if budget is None else budget
    budget[0] -= 20
    try:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            text = clean(value, MAX_OUTPUT if budget[0] > 0 else 200)
            budget[0] -= len(text)
            return text
        if isinstance(value, int):  # beyond 2**53 a JavaScript reader would round it
            return int(value) if abs(value) <= 2**53 else bounded_repr(value, 400)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else float.__repr__(value)
        value = unfold(value)
        if depth > 0 and budget[0] > 0:
            if isinstance(value, Mapping):
                return {clean(key, 1000) if isinstance(key, str) else bounded_repr(key):
                        plain(part, depth - 1, budget) for key, part in value.items()}
            if isinstance(value, (set, frozenset)):
                value = sorted(value, key=bounded_repr)
            if isinstance(value, (list, tuple)):
                return [plain(part, depth - 1, budget) for part in value]
    except SOFT:
        pass
    return bounded_repr(value, MAX_MESSAGE)


def scalar_text(value: Any) -> Optional[str]:
    """str() without what a subclass (an enum, a hostile __str__) makes of it."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return int.__repr__(value)
    return float.__repr__(value) if isinstance(value, float) else None


def own_text(value: Any) -> Optional[str]:
    """The name a parameter value carries itself, None if only pytest's id can tell."""
    text = scalar_text(value)
    for name in ("id", "name") if text is None else ():
        found = peek(value, name)
        if isinstance(found, (str, int)) and not isinstance(found, bool):
            return scalar_text(found)
    return text


# ---- which cell an item is -----------------------------------------------------------------

class Job:
    """The job file, with the cells by what an item can be matched on."""

    def __init__(self, raw: Dict[str, Any]) -> None:
        self.collect = raw.get("mode") == "collect"
        source = raw.get("variants_from") or {}
        self.kind: str = source.get("kind", "param")
        self.name: str = source.get("name", "variant")
        self.scenario_param: Optional[str] = raw.get("scenario_param")
        self.functions: Optional[bool] = raw.get("functions")
        self.provider: Optional[Dict[str, Any]] = raw.get("provider")
        self.cells: Dict[Tuple[str, str], Dict[int, Dict[str, Any]]] = {}
        cells = raw.get("cells") or []
        for cell in cells:
            runs = self.cells.setdefault((clean(str(cell["variant"])), clean(str(cell["scenario"]))), {})
            runs.setdefault(int(cell["run"]), cell)
        self.ids: List[str] = [cell["id"] for cell in cells]
        self.runs: List[int] = sorted({int(cell["run"]) for cell in cells})


class Place(NamedTuple):
    """Where an item stands in the experiment; run is None if it could not be parametrized."""

    variant: Optional[str]
    scenario: str
    run: Optional[int]


def params_of(item: pytest.Item) -> Dict[str, Any]:
    """Empty for items that have no callspec: unittest, doctest, unparametrized ones."""
    return getattr(getattr(item, "callspec", None), "params", {})


def function_name(item: pytest.Item) -> str:
    """The name without the id of the parameters, which may itself hold brackets."""
    return clean(getattr(item, "originalname", None) or item.name.split("[")[0])


def function_key(item: pytest.Item) -> Tuple[str, str, str]:
    """Two functions of one name in two classes or files are two functions."""
    owner = getattr(item, "cls", None)
    return item.nodeid.split("::")[0], getattr(owner, "__qualname__", ""), function_name(item)


def id_groups(item: pytest.Item) -> Iterator[List[str]]:
    """The parameters in the order their ids were joined; one mark of several names has one id."""
    marked: Dict[str, List[str]] = {}
    for mark in item.iter_markers("parametrize"):
        names = mark.args[0] if mark.args else mark.kwargs.get("argnames", ())
        group = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
        marked.update((name, [part for part in group if part]) for name in group)
    seen: List[List[str]] = []
    for name in getattr(item.callspec, "indices", None) or params_of(item):  # type: ignore
        group = marked.get(name, [name])
        if group not in seen:
            seen.append(group)
            yield group


def shown_ids(item: pytest.Item) -> Dict[str, str]:
    """pytest's id of each parameter, for those where the joined id can be taken apart."""
    groups, ids = list(id_groups(item)), list(getattr(item.callspec, "_idlist", ()))  # type: ignore
    parts: Dict[str, str] = {}
    for group, text in zip(groups, ids) if len(groups) == len(ids) else ():
        pieces = [text] if len(group) == 1 else str(text).split("-")
        if len(pieces) == len(group):
            parts.update(zip(group, map(str, pieces)))
    return parts


def param_text(item: pytest.Item, name: str) -> str:
    """The text of one parameter; an address in a repr would differ in the next process."""
    value = params_of(item)[name]
    text = own_text(value)
    if text is None:
        text = shown_ids(item).get(name) or bounded_repr(value)
    if " at 0x" in text and not isinstance(value, str):
        text = f"{name}{getattr(item.callspec, 'indices', {}).get(name, 0)}"  # type: ignore
    return clean(text)


def variant_of(item: pytest.Item, job: Job) -> Optional[str]:
    """The harness's own name of the variant, None where the item has none."""
    if job.kind == "env":
        value = os.environ.get(job.name)
        return None if value is None else clean(value)
    if job.kind == "marker":
        mark = item.get_closest_marker(job.name)
        if mark is None or not mark.args:
            return None
        text = own_text(mark.args[0])
        return bounded_repr(mark.args[0]) if text is None else text
    return param_text(item, job.name) if job.name in params_of(item) else None


def scenario_of(item: pytest.Item, job: Job, functions: bool) -> str:
    """The scenario's text, told apart by the function's name where there are several."""
    function, names = function_name(item), list(params_of(item))
    if job.scenario_param in names:
        names = [job.scenario_param]
    elif job.kind == "param":
        names = [name for name in names if name != job.name]
    texts = [param_text(item, name) for name in names
             if not name.startswith(("_expgraph", "__pytest"))]
    text = "-".join(texts)
    if not text:
        return function
    return f"{function}:{text}" if functions else text


def run_of(item: pytest.Item) -> Optional[int]:
    """pytest-repeat counts from 0, we from 1."""
    params = params_of(item)
    return params[REPEAT_PARAM] + 1 if REPEAT_PARAM in params else params.get(RUN_PARAM)


def place_of(item: pytest.Item, job: Job, functions: bool) -> Place:
    """Both modes ask here, so that what was collected is found again in the run."""
    return Place(variant_of(item, job), scenario_of(item, job, functions), run_of(item))


def find_text(params: Dict[str, Any], keys: Tuple[str, ...], names: Tuple[str, ...]) -> Optional[str]:
    """The scenario's input or category, wherever the harness keeps it."""
    for name, value in params.items():
        if isinstance(value, str):
            found = [value] if name in names else []
        else:
            found = [peek(value, key) for key in keys]
        for text in found:
            if isinstance(text, str):
                return clean(text)
    return None


def describe(item: pytest.Item, place: Place, functions: bool) -> Dict[str, Any]:
    """One item of collect mode; parametrize marks would repeat every value on every item."""
    params = {name: value for name, value in params_of(item).items() if name != RUN_PARAM}
    doc = (getattr(getattr(item, "obj", None), "__doc__", None) or "").strip().splitlines()
    line = item.location[1]
    return {"type": "item", "nodeid": item.nodeid, "function": function_name(item),
            "file": item.location[0], "line": None if line is None else line + 1,
            "params": {name: {"id": param_text(item, name), "value": plain(value)}
                       for name, value in params.items()},
            "markers": [{"name": mark.name, "args": [plain(part) for part in mark.args]}
                        for mark in item.iter_markers() if mark.name != "parametrize"],
            "variant": place.variant, "scenario": place.scenario, "functions": functions,
            "input": find_text(params, INPUT_KEYS, INPUT_KEYS + ("message",)),
            "category": find_text(params, ("category",), ("category",)),
            "doc": clean(doc[0].strip(), MAX_MESSAGE) if doc else None}


# ---- the way to the parent -----------------------------------------------------------------

class Link:
    """The descriptor to the parent, and its word to stop."""

    def __init__(self, number: str) -> None:
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.on_stop: Callable[[], None] = lambda: None
        self.fd = os.dup(int(number))  # a copy no child inherits, and no capture of 1 or 2 moves
        os.set_blocking(self.fd, True)
        if int(number) > 2:
            os.close(int(number))
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
        data = memoryview(json.dumps(plain(line)).encode("ascii") + b"\n")
        try:
            with self.lock:
                while data:
                    data = data[os.write(self.fd, data):]
        except OSError:  # the parent is gone
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
                if not chunk or any(line.strip() == b"stop" for line in lines):
                    return self.stop()
        except OSError:
            self.stop()


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


# ---- the process that has the items --------------------------------------------------------

class ItemSide:
    """Hooks where items live: the one process, or each xdist worker."""

    def __init__(self, job: Job, stopping: threading.Event,
                 deliver: Callable[[Dict[str, Any]], None]) -> None:
        self.job, self.stopping, self.deliver = job, stopping, deliver
        self.functions = bool(job.functions)
        self.selected = False  # a collection that broke off does not tell which cells have no item

    def problem(self, message: str) -> None:
        self.deliver({"problem": message})

    def place(self, item: pytest.Item) -> Place:
        if PLACE not in item.stash:
            item.stash[PLACE] = place_of(item, self.job, self.functions)
        return item.stash[PLACE]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_generate_tests(self, metafunc: Any) -> Iterator[None]:
        """After all others, so that the run is the innermost and pytest-repeat can be seen."""
        outcome: Any = yield
        with Guard(self.problem):
            repeated = any(REPEAT_PARAM in call.params for call in getattr(metafunc, "_calls", ()))
            if self.job.runs and not self.job.collect and not outcome.excinfo and not repeated:
                # function scope: pytest reorders by, and tears down for, wider parameters only
                metafunc.fixturenames.append(RUN_PARAM)
                metafunc.parametrize(RUN_PARAM, self.job.runs, indirect=True, scope="function",
                                     ids=[f"run{run}" for run in self.job.runs])

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: Any, items: List[pytest.Item]) -> Iterator[None]:
        """Look before -k and others deselect, filter after: a cell's first item may be theirs."""
        with Guard(self.problem):
            if self.job.functions is None:
                self.functions = len({function_key(item) for item in items}) > 1
        yield
        if self.job.collect:
            return
        dropped = list(items)
        with Guard(self.problem) as guard:
            kept = self.select(items)
            dropped = [item for item in items if item not in kept]
            items[:] = list(kept)
            self.selected = True
        if guard.failed:  # rather no test than all of them: each may cost money
            items[:] = []
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    def select(self, items: List[pytest.Item]) -> Dict[pytest.Item, None]:
        """The items that are pending cells, one a cell, in the order they came."""
        kept: Dict[pytest.Item, None] = {}
        taken: Dict[str, pytest.Item] = {}
        for item in items:
            with Guard(self.problem):
                cell = self.cell_of(item)
                if cell is None:
                    continue
                first = taken.setdefault(cell["id"], item)
                if first is not item:
                    self.problem("two tests are the same cell, only the first is run: "
                                 f"{first.nodeid} and {item.nodeid}")
                    continue
                item.stash[CELL] = cell
                kept[item] = None
        return kept

    def cell_of(self, item: pytest.Item) -> Optional[Dict[str, Any]]:
        """The cell of an item; what cannot be parametrized stands for one run only."""
        place = self.place(item)
        if place.variant is None:
            return None
        runs = self.job.cells.get((place.variant, place.scenario), {})
        if place.run is not None:
            return runs.get(place.run)
        if len(runs) > 1:
            self.problem(f"{item.nodeid} cannot be repeated by pytest (a unittest.TestCase?): "
                         f"start its {len(runs)} runs one by one")
        return next(iter(runs.values())) if len(runs) == 1 else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: Any) -> None:
        """Before xdist sends the worker's collection on, as `start` needs the ids."""
        with Guard(self.problem):
            if self.job.collect:
                for item in session.items:
                    with Guard(self.problem):
                        self.deliver({"line": describe(item, self.place(item), self.functions)})
                return
            cells = {item.nodeid: item.stash[CELL]["id"] for item in session.items if CELL in item.stash}
            found = set(cells.values()) if self.selected else set(self.job.ids)
            self.deliver({"items": len(session.items), "cells": cells,
                          "unmatched": [one for one in self.job.ids if one not in found]})

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> Optional[bool]:
        """True leaves the item out; xdist has already handed later items to its workers."""
        return True if self.job.collect or self.stopping.is_set() else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A rerun goes through here again: what the attempt before left is not its own."""
        with Guard(self.problem):
            item.user_properties[:] = [pair for pair in item.user_properties if pair[0] != KEY]
            item.stash[SECTIONS] = len(item._report_sections)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Iterator[None]:
        """The exception is known only here; a report's extra attributes travel with it."""
        outcome: Any = yield
        with Guard(self.problem):
            cell: Dict[str, Any] = item.stash.get(CELL, {})
            note = {"cell": cell.get("id"), "sections": item.stash.get(SECTIONS, 0)}
            if call.excinfo is not None:
                note["assertion"] = is_assertion(call.excinfo.value)
                note["message"] = short_message(call.excinfo)
            setattr(outcome.get_result(), KEY, note)


def is_assertion(error: BaseException) -> bool:
    """pytest-timeout ends a test by pytest.fail, which is no verdict on what it tests."""
    if isinstance(error, pytest.fail.Exception):
        return not str(error).startswith(("Timeout >", "Timeout (>"))
    return isinstance(error, AssertionError)


def short_message(excinfo: Any) -> str:
    """The head of the exception's text: its beginning says what went wrong."""
    try:
        return clean(excinfo.exconly(tryshort=True)[:MAX_MESSAGE])
    except SOFT:
        return excinfo.typename


# ---- the process that writes ---------------------------------------------------------------

class Controller:
    """Hooks of the process that holds the descriptor: they turn reports into lines."""

    def __init__(self, job: Job, text: str, link: Link) -> None:
        self.job, self.text, self.link = job, text, link
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
            return self.link.send(data["line"])
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

    def pytest_runtest_logreport(self, report: Any) -> None:
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
            self.link.send({**line, **verdict(state["phases"]), **evidence(report), **reads_so_far()})

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
            "longrepr": next((text for text in texts if text), None),
            "duration_ms": round(report.duration * 1000, 3),
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


# ---- the plugin itself ---------------------------------------------------------------------

class Cell:
    """What the `expgraph` fixture gives a test: its cell, and the way to tell the result."""

    def __init__(self, item: pytest.Item, job: Optional[Job]) -> None:
        cell: Dict[str, Any] = item.stash.get(CELL, {})
        place = item.stash.get(PLACE, None) or place_of(item, job or Job({}), False)
        self.variant, self.scenario = place.variant, place.scenario
        self.run: int = cell.get("run") or place.run or 1
        self.attempt: int = cell.get("attempt") or 1
        self.temperature: Optional[float] = cell.get("temperature")
        self.seed: Optional[int] = cell.get("seed")
        self.model: Optional[str] = cell.get("model")
        self.params: Dict[str, Any] = dict(cell.get("params") or {})
        self.provider: Optional[Dict[str, Any]] = job.provider if job else None
        self._item = item

    def record(self, text: Any = None, *, tool_calls: Any = None, messages: Any = None,
               usage: Any = None, finish_reason: Any = None, model: Any = None,
               **properties: Any) -> None:
        """Tell what the system under test answered; later calls add to and replace earlier."""
        record = self._stored()
        if text is not None and not isinstance(text, str):
            text = json.dumps(plain(text), ensure_ascii=False)
        given = {"text": text, "tool_calls": tool_calls, "messages": messages, "usage": usage,
                 "finish_reason": finish_reason, "model": model}
        record.update((key, plain(value)) for key, value in given.items() if value is not None)
        if properties:
            record.setdefault("properties", {}).update(plain(properties))

    def _stored(self) -> Dict[str, Any]:
        """In the item's user properties, as xdist carries them to the controller."""
        for key, value in reversed(self._item.user_properties):
            if key == KEY:
                return value  # type: ignore
        self._item.user_properties.append((KEY, {}))
        return self._item.user_properties[-1][1]  # type: ignore


@pytest.fixture
def expgraph(request: Any) -> Cell:
    """The cell of this test; under plain pytest a stand-in with the same attributes."""
    return Cell(request.node, request.config.stash.get(JOB, None))


@pytest.fixture
def _expgraph_run(request: Any) -> int:
    """Only there to be parametrized: it makes one item a run."""
    return getattr(request, "param", 1)


def pytest_addoption(pluginmanager: Any) -> None:
    """The first hook there is: take the descriptors before capture replaces fd 0. A pytest
    started by a test must not take the number for its own, so it leaves the environment."""
    number = os.environ.pop("EXPGRAPH_FD", None)
    if number is not None:
        try:
            pluginmanager.register(Link(number), LINK)
        except (OSError, ValueError) as error:  # nobody listens: running all tests would be worse
            raise pytest.UsageError(f"expgraph: EXPGRAPH_FD={number!r}: {error}")


def pytest_configure(config: Any) -> None:
    """Without a link and without a job from an xdist controller, pytest stays as it is."""
    link: Optional[Link] = config.pluginmanager.get_plugin(LINK)
    worker: Dict[str, Any] = getattr(config, "workerinput", {})
    if link is not None:
        text, job = read_job(link)
        controller = Controller(job, text, link)
        config.pluginmanager.register(controller, "expgraph-controller")
        side = ItemSide(job, link.stopping, controller.receive)
    elif "expgraph_job" in worker:
        job = Job(json.loads(worker["expgraph_job"]))
        side = worker_side(job, worker.get("expgraph_channel"))
    else:
        return
    config.stash[JOB] = job
    config.pluginmanager.register(side, "expgraph-items")


def read_job(link: Link) -> Tuple[str, Job]:
    """A job that cannot be read ends the session: without it every test would run."""
    try:
        with open(os.environ["EXPGRAPH_JOB"], encoding="utf-8") as file:
            text = file.read()
        return text, Job(json.loads(text))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        link.send({"type": "problem", "message": f"expgraph: no usable job: {bounded_repr(error)}"})
        link.send({"type": "done", "exitstatus": int(pytest.ExitCode.USAGE_ERROR)})
        raise pytest.UsageError(f"expgraph: no usable job: {bounded_repr(error)}")


def worker_side(job: Job, channel: Any) -> ItemSide:
    """An xdist worker's: its word goes over the channel, and the stop comes from there."""
    stopping = threading.Event()
    if channel is not None:
        channel.setcallback(lambda word: stopping.set())

    def deliver(data: Dict[str, Any]) -> None:
        if channel is not None:
            channel.send(json.dumps(data, default=bounded_repr))

    return ItemSide(job, stopping, deliver)
