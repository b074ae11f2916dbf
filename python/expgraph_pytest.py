"""pytest plugin of expgraph: tells, the moment it happens, which item began and how it ended.

Loaded with ``-p expgraph_pytest``; Python's standard library and pytest only. Two variables of the environment steer it:
``EXPGRAPH_FD``, the number of an inherited pipe that takes JSON lines, and ``EXPGRAPH_JOB``, a JSON file that says which
cells (variant, scenario, run) are wanted. Without them nothing is selected and nothing written: the fixture ``expgraph``
is there all the same, so that a harness runs under plain pytest as it does under expgraph.
"""

from __future__ import annotations

import json
import os
import stat
import threading
from typing import Any, Dict, Iterable, List, Optional, Tuple

import pytest

OWN = "_expgraph"
RUN = "_expgraph_run"
REPEAT = "__pytest_repeat_step_number"
MAX_TEXT = 1_000_000
MAX_LOG = 16_000
INPUT_NAMES = ("input", "prompt", "question", "message", "query")


# -- values ------------------------------------------------------------------------------------------------------------


def plain(value: Any, depth: int = 0) -> Any:
    """As JSON can carry it; what it cannot is its bounded repr. Half a character has no UTF-8 form."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)
    if isinstance(value, str):
        return clean(value)
    if depth < 20 and isinstance(value, dict):
        return {clean(str(name)): plain(member, depth + 1) for name, member in value.items()}
    if depth < 20 and isinstance(value, (list, tuple, set)):
        return [plain(member, depth + 1) for member in value]
    return shown(value)


def clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(value: Any, most: int = 200) -> str:
    try:
        return clean(repr(value))[:most]
    except Exception as error:  # a repr of theirs may do anything
        return f"<{type(value).__name__}: {type(error).__name__}>"


def text_of(value: Any, shown_as: str) -> str:
    """What a parameter is called: itself, its id or name, else what pytest shows for it."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, (bool, int, float)):
        return str(value)
    for name in ("id", "name"):
        found = value.get(name) if isinstance(value, dict) else safe_attribute(value, name)
        if isinstance(found, (str, int)) and not isinstance(found, bool):
            return clean(str(found))
    return clean(shown_as) if shown_as else shown(value)


def safe_attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:
        return None


# -- which cell an item is ------------------------------------------------------------------------------------------------


class Mapping:
    """Reads (variant, scenario, run) off an item, as the job says."""

    def __init__(self, job: Dict[str, Any]) -> None:
        source = job.get("variants_from") or {}
        self.kind = source.get("kind", "param")
        self.name = source.get("name", "variant")
        self.scenario_param = job.get("scenario_param")
        self.many = job.get("functions")

    def learn(self, items: Iterable[Any]) -> None:
        """Names of functions tell scenarios apart where there is more than one; decided before anybody deselects."""
        if self.many is None:
            functions = {(str(item.fspath), getattr(item, "cls", None), function_of(item)) for item in items}
            self.many = len(functions) > 1

    def variant(self, item: Any) -> Optional[str]:
        if self.kind == "env":
            return os.environ.get(self.name)
        if self.kind == "marker":
            marker = item.get_closest_marker(self.name)
            return text_of(marker.args[0], "") if marker and marker.args else None
        params = params_of(item)
        return text_of(*params[self.name]) if self.name in params else None

    def scenario(self, item: Any) -> str:
        params = params_of(item)
        own = {RUN, REPEAT} | ({self.name} if self.kind == "param" else set())
        if self.scenario_param:
            found = [text_of(*params[self.scenario_param])] if self.scenario_param in params else []
        else:
            found = [text_of(*value) for name, value in params.items() if name not in own]
        function = function_of(item)
        if not found:
            return function
        joined = "-".join(found)
        return f"{function}:{joined}" if self.many else joined

    @staticmethod
    def run(item: Any) -> Optional[int]:
        callspec = getattr(item, "callspec", None)
        params = callspec.params if callspec else {}
        if RUN in params:
            return params[RUN]
        return params[REPEAT] + 1 if isinstance(params.get(REPEAT), int) else None


def function_of(item: Any) -> str:
    return getattr(item, "originalname", None) or item.name


def params_of(item: Any) -> Dict[str, Tuple[Any, str]]:
    """Each parameter with what pytest shows for it, where that can be told apart."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return {}
    ids = [part for part in callspec.id.split("-")] if callspec.id else []
    whole = len(ids) == len(callspec.params)
    # pytest keeps parameters and the parts of an id in one order.
    return {
        name: (value, ids[n] if whole else f"{name}{callspec.indices.get(name, 0)}")
        for n, (name, value) in enumerate(callspec.params.items())
    }


# -- the pipe ----------------------------------------------------------------------------------------------------------


class Pipe:
    """JSON lines to expgraph; a pipe that nobody reads any more ends the session quietly."""

    def __init__(self, fd: int) -> None:
        self.file = os.fdopen(fd, "wb", buffering=0)
        self.lock = threading.Lock()
        self.broken = False

    def tell(self, kind: str, **members: Any) -> None:
        line = json.dumps({"type": kind, **plain(members)}, ensure_ascii=False).encode("utf-8", "replace")
        with self.lock:
            try:
                self.file.write(line + b"\n")
            except OSError:
                self.broken = True


# -- the plugin --------------------------------------------------------------------------------------------------------


class Plugin:
    def __init__(self, config: Any, job: Dict[str, Any], pipe: Optional[Pipe]) -> None:
        self.config = config
        self.job = job
        self.pipe = pipe
        self.mapping = Mapping(job)
        self.cells = {cell_key(cell): cell for cell in job.get("cells", [])}
        self.runs = sorted({cell["run"] for cell in job.get("cells", [])})
        self.ids: Dict[str, str] = {}
        self.parts: Dict[str, Dict[str, Any]] = {}
        self.stopping = False
        self.collected = False
        self.begun: set = set()

    def tell(self, kind: str, **members: Any) -> None:
        if self.pipe:
            self.pipe.tell(kind, **members)

    # Several runs of one item are items of their own: every other plugin, and xdist, can deal with them.
    def pytest_generate_tests(self, metafunc: Any) -> None:
        if self.job.get("mode") != "run" or REPEAT in metafunc.fixturenames and repeats(metafunc.config):
            return
        if RUN not in metafunc.fixturenames:
            metafunc.fixturenames.append(RUN)
        metafunc.parametrize(RUN, self.runs, ids=[f"run{run}" for run in self.runs], scope="function")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: Any, config: Any, items: List[Any]) -> None:
        self.mapping.learn(items)
        if self.job.get("mode") != "run":
            return
        kept, left, taken = [], [], {}
        for item in items:
            cell = self.cell_of(item)
            if cell is None:
                left.append(item)
                continue
            if cell["id"] in taken:
                if taken[cell["id"]] != item.nodeid:
                    message = f"two tests are one cell: {taken[cell['id']]} and {item.nodeid}; the first is taken"
                    self.tell("problem", message=message)
                left.append(item)
                continue
            taken[cell["id"]] = item.nodeid
            self.ids[item.nodeid] = cell["id"]
            item.user_properties.append((OWN, {"id": cell["id"]}))
            kept.append(item)
        items[:] = kept
        if left:
            config.hook.pytest_deselected(items=left)

    def cell_of(self, item: Any) -> Optional[Dict[str, Any]]:
        variant, scenario = self.mapping.variant(item), self.mapping.scenario(item)
        run = self.mapping.run(item)
        if run is not None:
            return self.cells.get((variant, scenario, run))
        # Not to be parametrized (a TestCase): it stands for its one run.
        wanted = [cell for (v, s, _), cell in self.cells.items() if (v, s) == (variant, scenario)]
        if len(wanted) > 1:
            self.tell("problem", message=f"{item.nodeid} cannot be repeated: {len(wanted)} runs of it are wanted")
        return wanted[0] if len(wanted) == 1 else None

    def pytest_collection_finish(self, session: Any) -> None:
        if self.job.get("mode") == "collect":
            for item in session.items:
                self.tell("item", **described(item, self.mapping))
            return
        # An xdist controller collects nothing: its workers do, and tell by what they run.
        if not is_controller(self.config):
            self.tell("collected", items=len(session.items))
            self.tell_unmatched({self.ids[item.nodeid] for item in session.items if item.nodeid in self.ids})

    def tell_unmatched(self, found: Iterable[str]) -> None:
        absent = sorted({cell["id"] for cell in self.cells.values()} - set(found), key=int)
        if absent:
            self.tell("unmatched", ids=absent)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: List[str]) -> None:
        if not self.collected:
            self.collected = True
            self.tell("collected", items=len(ids))

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.tell("problem", message=f"{report.nodeid}: {last_lines(str(report.longrepr))}")

    # How an item ends. With xdist these are called in the controller, with what the workers sent along.
    def pytest_runtest_logreport(self, report: Any) -> None:
        own = own_of(report.user_properties)
        cell = own.get("id")
        if cell is None or self.pipe is None:
            return
        nodeid = report.nodeid
        part = self.parts.get(cell)
        if part is None:
            part = self.parts[cell] = {"reruns": 0, "duration": 0.0, "worst": None, "sections": []}
            self.begun.add(cell)
            self.tell("start", id=cell, nodeid=nodeid)
        if report.outcome == "rerun":
            part.update(reruns=part["reruns"] + 1, worst=None, sections=[])
            return
        part["duration"] += getattr(report, "duration", 0.0) or 0.0
        part["sections"] = list(report.sections) or part["sections"]
        rank = {"passed": 0, "skipped": 1, "failed": 2}
        worst = part["worst"]
        if report.when == "call" or worst is None or rank[report.outcome] > rank[worst.outcome] and worst.when != "call":
            part["worst"] = report
        elif report.failed:
            part["teardown_error"] = crash_of(report)
        if report.when != "teardown":
            return
        del self.parts[cell]
        self.tell("end", id=cell, nodeid=nodeid, **ending(part, own))

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        cell = self.ids.get(nodeid)
        if cell and cell not in self.parts:
            self.parts[cell] = {"reruns": 0, "duration": 0.0, "worst": None, "sections": []}
            self.tell("start", id=cell, nodeid=nodeid)

    def pytest_sessionstart(self, session: Any) -> None:
        if self.pipe and self.job.get("mode") == "run" and ASKED is not None:
            threading.Thread(target=self.listen, args=(session,), daemon=True).start()

    def listen(self, session: Any) -> None:
        """A line `stop`, or the end of whoever started this: nothing new begins."""
        try:
            for line in iter(lambda: os.read(ASKED, 1000), b""):
                if b"stop" in line:
                    break
        except OSError:
            pass
        self.stopping = True
        session.shouldstop = "expgraph asked to stop"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> None:
        if self.pipe and (self.stopping or self.pipe.broken):
            item.session.shouldstop = "expgraph asked to stop"

    def pytest_sessionfinish(self, session: Any, exitstatus: Any) -> None:
        # What xdist's workers collected is known by what they ran, if nothing cut them short.
        whole = int(exitstatus) in (0, 1, 5) and not (self.stopping or session.shouldstop or session.shouldfail)
        if whole and is_controller(self.config):
            self.tell_unmatched(self.begun)
        self.tell("done", exitstatus=int(exitstatus))


def ending(part: Dict[str, Any], own: Dict[str, Any]) -> Dict[str, Any]:
    worst = part["worst"]
    sections = {"stdout": "", "stderr": "", "log": ""}
    for title, content in part["sections"]:
        for name in sections:
            if title.startswith(f"Captured {name}"):
                sections[name] += content
    message, is_assertion = crash_of(worst) if worst.failed else (reason_of(worst), False)
    return {
        "outcome": outcome_of(worst, is_assertion),
        "phase": worst.when,
        "message": message,
        "is_assertion": is_assertion,
        "teardown_error": part.get("teardown_error", (None,))[0],
        "longrepr": str(worst.longreprtext)[-MAX_LOG:] if worst.failed else None,
        "duration_ms": round(part["duration"] * 1000, 1),
        "record": own.get("record"),
        "properties": {str(name): value for name, value in worst.user_properties if name != OWN},
        "stdout": sections["stdout"][-MAX_TEXT:],
        "stderr": sections["stderr"][-MAX_LOG:],
        "log": sections["log"][-MAX_LOG:],
        "reruns": part["reruns"],
    }


def outcome_of(report: Any, is_assertion: bool) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if is_assertion and report.when == "call" else "error"
    return report.outcome


def crash_of(report: Any) -> Tuple[str, bool]:
    """The exception in a line, and whether it is an assertion: what a test found, not what befell it."""
    crash = getattr(getattr(report, "longrepr", None), "reprcrash", None)
    message = crash.message if crash else last_lines(str(report.longrepr))
    kind = message.split(":", 1)[0].split("\n", 1)[0].strip()
    # Rewritten assertions begin with "assert ...", those with a message with "AssertionError: ...".
    found = kind.startswith(("AssertionError", "assert ", "Failed", "[XPASS(strict)]"))
    return message[:2000], found


def reason_of(report: Any) -> Optional[str]:
    if hasattr(report, "wasxfail"):
        return report.wasxfail or None
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return None


def last_lines(text: str, count: int = 3) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines()[-count:])[:2000]


def own_of(properties: Iterable[Tuple[str, Any]]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for name, value in properties:
        if name == OWN and isinstance(value, dict):
            found.update(value)
    return found


def described(item: Any, mapping: Mapping) -> Dict[str, Any]:
    """One item for `expgraph init --from-pytest`."""
    params = params_of(item)
    file, line, _ = item.location
    doc = (getattr(safe_attribute(item, "obj"), "__doc__", None) or "").strip().splitlines()
    return {
        "nodeid": item.nodeid,
        "function": function_of(item),
        "file": file,
        "line": line,
        "params": {name: {"id": text_of(*value), "value": value[0]} for name, value in params.items()},
        "markers": [{"name": marker.name, "args": list(marker.args)} for marker in item.iter_markers()],
        "variant": mapping.variant(item),
        "scenario": mapping.scenario(item),
        "input": first_text(params, INPUT_NAMES),
        "category": first_text(params, ("category",)),
        "doc": doc[0] if doc else None,
    }


def first_text(params: Dict[str, Tuple[Any, str]], names: Tuple[str, ...]) -> Optional[str]:
    """A parameter of that name, or such a member of one."""
    for name in names:
        for param, (value, _) in params.items():
            found = value if param == name else None
            if found is None:
                found = value.get(name) if isinstance(value, dict) else safe_attribute(value, name)
            if isinstance(found, str):
                return found
    return None


def is_pipe(fd: int) -> bool:
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def repeats(config: Any) -> bool:
    return (getattr(config.option, "count", 1) or 1) > 1


def cell_key(cell: Dict[str, Any]) -> Tuple[Any, Any, Any]:
    return (cell["variant"], cell["scenario"], cell["run"])


def is_controller(config: Any) -> bool:
    return bool(getattr(config.option, "dist", "no") != "no") and not hasattr(config, "workerinput")


# -- what the test sees ------------------------------------------------------------------------------------------------


class Cell:
    """What the fixture `expgraph` is: the cell that is asked for, and a place to record the answer."""

    def __init__(self, properties: List[Tuple[str, Any]], cell: Dict[str, Any]) -> None:
        self.variant: Optional[str] = cell.get("variant")
        self.scenario: Optional[str] = cell.get("scenario")
        self.run: int = cell.get("run", 1)
        self.attempt: int = cell.get("attempt", 1)
        self.temperature: Optional[float] = cell.get("temperature")
        self.seed: Optional[int] = cell.get("seed")
        self.model: Optional[str] = cell.get("model")
        self.params: Dict[str, Any] = cell.get("params") or {}
        self.provider: Optional[Dict[str, Any]] = cell.get("provider")
        self._record: Dict[str, Any] = {}
        properties.append((OWN, {"record": self._record}))

    def record(
        self,
        text: Optional[str] = None,
        *,
        tool_calls: Optional[List[Dict[str, Any]]] = None,
        messages: Optional[List[Dict[str, Any]]] = None,
        usage: Optional[Dict[str, int]] = None,
        finish_reason: Optional[str] = None,
        model: Optional[str] = None,
        **properties: Any,
    ) -> None:
        """Keeps the answer. May be called again: later values win, properties add up."""
        given = {
            "text": text,
            "tool_calls": tool_calls,
            "messages": messages,
            "usage": usage,
            "finish_reason": finish_reason,
            "model": model,
        }
        self._record.update({name: plain(value) for name, value in given.items() if value is not None})
        self._record.setdefault("properties", {}).update(plain(properties))


@pytest.fixture
def expgraph(request: Any) -> Cell:
    """The cell that this test is: variant, scenario, run, temperature, seed, and `record(...)` for the answer."""
    plugin: Optional[Plugin] = request.config.stash.get(STASH, None)
    found = plugin.cell_of(request.node) if plugin and plugin.job.get("mode") == "run" else None
    if found is None:
        mapping = plugin.mapping if plugin else Mapping({})
        found = {"variant": mapping.variant(request.node), "scenario": mapping.scenario(request.node)}
    return Cell(request.node.user_properties, found)


@pytest.fixture
def _expgraph_run(request: Any) -> int:
    return getattr(request, "param", 1)


STASH: Any = pytest.StashKey()
# pytest puts /dev/null in the place of the input while tests run: ours is kept before.
ASKED: Optional[int] = os.dup(0) if "EXPGRAPH_FD" in os.environ and is_pipe(0) else None


def pytest_configure(config: Any) -> None:
    job_file = os.environ.get("EXPGRAPH_JOB")
    fd = os.environ.get("EXPGRAPH_FD")
    job: Dict[str, Any] = {"mode": "none"}
    if job_file:
        with open(job_file, encoding="utf-8") as file:
            job = json.load(file)
    # The pipe is the controller's: a worker's results reach it by its reports.
    is_worker = hasattr(config, "workerinput")
    pipe = Pipe(int(fd)) if fd and not is_worker else None
    plugin = Plugin(config, job, pipe)
    config.stash[STASH] = plugin
    if job_file:
        config.pluginmanager.register(plugin, "expgraph-session")
