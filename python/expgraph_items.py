"""The process that has the items: it parametrizes, selects and watches them."""
from __future__ import annotations

import os
import threading
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

import pytest

from expgraph_values import MAX_MESSAGE, SOFT, clean
from expgraph_cells import Job, Place, describe, function_key, place_of
from expgraph_errors import describe_error
from expgraph_found import modules_line
from expgraph_link import Guard
from expgraph_nodeids import Asked, select
from expgraph_ran import Ran
from expgraph_traces import run_traced

KEY = "_expgraph"  # the user property that carries a record, and the attribute of our reports
CELL: Any = pytest.StashKey()
PLACE: Any = pytest.StashKey()
SECTIONS: Any = pytest.StashKey()


class ItemSide:
    """Hooks where items live: the one process, or each xdist worker."""

    def __init__(self, job: Job, stopping: threading.Event,
                 deliver: Callable[[Dict[str, Any]], None], asked: Sequence[Asked] = ()) -> None:
        self.job, self.stopping, self.deliver, self.asked = job, stopping, deliver, list(asked)
        self.ran = Ran(*job.watched)
        self.listed: List[pytest.Item] = []  # before anything was deselected
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
        runs, own = self.job.runs, None
        with Guard(self.problem):
            own = runs.open(metafunc)
        outcome: Any = yield
        with Guard(self.problem):
            runs.close(metafunc)
            if not outcome.excinfo and own is not None:
                runs.add(metafunc, own)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: Any, items: List[pytest.Item]) -> Iterator[None]:
        """Look before -k and others deselect, filter after: a cell's first item may be theirs."""
        with Guard(self.problem):
            self.listed = list(items)
            items[:], absent = select(items, self.asked)
            for word in absent:
                self.problem(f"not found: {word}")
            if self.job.functions is None:
                self.functions = len({function_key(item) for item in items}) > 1
        yield
        if self.job.collect:
            return
        dropped = list(items)
        with Guard(self.problem) as guard:
            kept = self.pending(items)
            dropped = [item for item in items if item not in kept]
            items[:] = list(kept)
            self.selected = True
        if guard.failed:  # rather no test than all of them: each may cost money
            items[:] = []
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    def pending(self, items: List[pytest.Item]) -> Dict[pytest.Item, None]:
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
                self.tell_items(session)
                return
            cells = {item.nodeid: item.stash[CELL]["id"] for item in session.items if CELL in item.stash}
            found = set(cells.values()) if self.selected else set(self.job.ids)
            self.deliver({"items": len(session.items), "cells": cells,
                          "unmatched": [one for one in self.job.ids if one not in found]})

    def tell_items(self, session: Any) -> None:
        """All there is to do in collect mode: this process ends here, so that no sessionfinish of the
        harness writes results of a session that had none. Where something failed pytest goes on to say it."""
        kept = set(session.items)
        for item in dict.fromkeys([*self.listed, *session.items]):
            with Guard(self.problem) as guard:
                self.deliver({"line": describe(item, self.place(item), functions=self.functions,
                                               deselected=item not in kept,
                                               counted=self.job.runs.param_of(item))})
            session.testsfailed += int(guard.failed)
        self.deliver({"line": modules_line(os.getcwd(), str(session.config.rootpath))})
        if session.items and not session.testsfailed:
            self.deliver({"line": {"type": "done", "exitstatus": 0}})
            os._exit(0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> Optional[bool]:
        """True leaves the item out; xdist has already handed later items to its workers."""
        if self.job.collect or self.stopping.is_set():
            return True
        with Guard(self.problem):
            self.ran.begin()
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Not before: what is executed to collect is no item's."""
        with Guard(self.problem):
            self.ran.start()

    def pytest_sessionfinish(self) -> None:
        with Guard(self.problem):
            self.ran.stop()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A rerun goes through here again: what the attempt before left is not its own."""
        with Guard(self.problem):
            item.user_properties[:] = [pair for pair in item.user_properties if pair[0] != KEY]
            item.stash[SECTIONS] = len(item._report_sections)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """The harness's own traces hang on ours."""
        cell: Dict[str, Any] = item.stash.get(CELL, {})
        undo: Callable[[], None] = lambda: None
        with Guard(self.problem):
            if cell.get("trace"):
                undo = run_traced(item, cell["trace"], lambda told: self.deliver(
                    {"line": {"type": "trace", "id": cell["id"], **told}}))
        yield
        with Guard(self.problem):
            undo()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Iterator[None]:
        """The exception is known only here; a report's extra attributes travel with it."""
        outcome: Any = yield
        with Guard(self.problem):
            cell: Dict[str, Any] = item.stash.get(CELL, {})
            note = {"cell": cell.get("id"), "sections": item.stash.get(SECTIONS, 0), "start": call.start}
            if call.when == "teardown":
                note["ran"] = self.ran.told()
            if call.excinfo is not None:
                note["assertion"] = is_assertion(call.excinfo.value)
                note["message"] = short_message(call.excinfo)
                if not note["assertion"]:
                    note["error"] = describe_error(call.excinfo.value)
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
