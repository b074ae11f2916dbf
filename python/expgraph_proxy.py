"""The way to expgraph's recording proxy: an address for each process, and word of whose turn it is.

The addresses (OPENAI_BASE_URL and others) are in the environment when pytest starts. An xdist worker
inherits them and makes its own of them when this is imported, which `-p` does before any conftest.
"""
from __future__ import annotations

import http.client
import json
import os
from typing import Any, Callable, Dict, Iterator, Optional
from urllib.parse import urlsplit

import pytest

from expgraph_items import CELL
from expgraph_link import Guard

NAME = "EXPGRAPH_PROXY"  # the line of this process: http://127.0.0.1:<port>/<share>/<line>
MAX_WAIT_S = 30  # the proxy answers at once, and to an end after five seconds at most


def take_line() -> None:
    """Several workers have one parent: each is told apart by its name."""
    base, worker = os.environ.get(NAME), os.environ.get("PYTEST_XDIST_WORKER")
    if not base or not worker or base.endswith(f"-{worker}"):
        return
    for name, value in list(os.environ.items()):
        if value.startswith(base + "/"):
            os.environ[name] = f"{base}-{worker}{value[len(base):]}"
    os.environ[NAME] = f"{base}-{worker}"


def line() -> Optional[str]:
    return os.environ.get(NAME)


def provider_of(provider: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """What the fixture tells: calls of that address are of whoever's turn it is, too."""
    if provider is None or line() is None or not provider.get("base_url"):
        return provider
    return {**provider, "base_url": f"{line()}/provider"}


class Turns:
    """While the fixtures of an item and its test run, calls of this process are its own. Those of
    wider fixtures are nobody's: they are set up before the first of an item's own, which this is,
    and torn down after the last."""

    def __init__(self, problem: Callable[[str], None]) -> None:
        self.problem, self.line = problem, line()

    @pytest.fixture(autouse=True)
    def _expgraph_turn(self, request: Any) -> Iterator[None]:
        """Set up for each item, a rerun too."""
        route = request.node.stash.get(CELL, {}).get("route")
        self.tell("~begin", route)
        yield
        self.tell("~end", route)

    def tell(self, word: str, route: Optional[str]) -> None:
        """Straight to it: no proxy of the user's, and no patched client library, stands between."""
        if route is None or self.line is None:
            return
        with Guard(self.problem):
            at = urlsplit(self.line)
            connection = http.client.HTTPConnection(at.netloc, timeout=MAX_WAIT_S)
            try:
                connection.request("POST", f"{at.path}/{word}", body=json.dumps({"route": route}))
                connection.getresponse().read()
            finally:
                connection.close()


take_line()
