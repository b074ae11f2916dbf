"""pytest plugin of expgraph: run the pending cells of an experiment, stream each result.

expgraph starts one pytest process with `-p expgraph_pytest`, a job file (EXPGRAPH_JOB) and a
descriptor to write to (EXPGRAPH_FD), one JSON object a line. Only the process that was handed
the descriptor writes; xdist workers get the job by `workerinput` and answer over an execnet
channel and on their reports. Without EXPGRAPH_FD only the `expgraph` fixture is left.
"""
from __future__ import annotations

import json
import os
import threading
from typing import Any, Dict, Optional, Sequence, Tuple

import pytest

from expgraph_values import bounded_repr, plain
from expgraph_cells import Job, place_of
from expgraph_link import Link
from expgraph_nodeids import Asked, widen
from expgraph_items import CELL, ItemSide, KEY, PLACE
from expgraph_reports import Controller
from expgraph_proxy import Turns, line, provider_of

LINK = "expgraph-link"
JOB: Any = pytest.StashKey()


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
        # The cell's own: a simulation has an address for what it is to answer there.
        told = cell.get("provider") or (job.provider if job else None)
        self.provider: Optional[Dict[str, Any]] = provider_of(told)
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


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: Any) -> None:
    """Without a link and without a job from an xdist controller, pytest stays as it is."""
    link: Optional[Link] = config.pluginmanager.get_plugin(LINK)
    worker: Dict[str, Any] = getattr(config, "workerinput", {})
    if link is not None:
        text, job = read_job(link)
        asked = widen(config)
        controller = Controller(job, text, link, asked)
        config.pluginmanager.register(controller, "expgraph-controller")
        side = ItemSide(job, link.stopping, controller.receive, asked)
    elif "expgraph_job" in worker:
        job = Job(json.loads(worker["expgraph_job"]))
        asked = [Asked(word, path, tuple(names)) for word, path, names in json.loads(worker["expgraph_asked"])]
        side = worker_side(job, worker.get("expgraph_channel"), asked)
    else:
        return
    job.runs.follow(config)
    config.stash[JOB] = job
    config.pluginmanager.register(side, "expgraph-items")
    if line() is not None:
        config.pluginmanager.register(Turns(side.problem), "expgraph-proxy")


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


def worker_side(job: Job, channel: Any, asked: Sequence[Asked]) -> ItemSide:
    """An xdist worker's: its word goes over the channel, and the stop comes from there."""
    stopping = threading.Event()
    if channel is not None:
        channel.setcallback(lambda word: stopping.set())

    def deliver(data: Dict[str, Any]) -> None:
        if channel is not None:
            channel.send(json.dumps(data, default=bounded_repr))

    return ItemSide(job, stopping, deliver, asked)
