"""Results and repetitions."""
from __future__ import annotations

import atexit
from pathlib import Path

import pytest

from schedbench.results import ResultsWriter

ROOT = Path(__file__).resolve().parent.parent
WRITER = ResultsWriter(ROOT / "results")


@pytest.fixture
def rep(request: pytest.FixtureRequest) -> int:
    """The repetition, from 1: pytest-repeat counts from 0."""
    callspec = getattr(request.node, "callspec", None)
    step = callspec.params.get("__pytest_repeat_step_number", 0) if callspec else 0
    return int(step) + 1


@pytest.fixture
def results() -> ResultsWriter:
    """Where answers are kept."""
    return WRITER


def pytest_sessionfinish() -> None:
    """The files are whole only after this."""
    WRITER.close()


@atexit.register
def _say_goodbye() -> None:
    (ROOT / "results").mkdir(exist_ok=True)
    (ROOT / "results" / "ended.txt").write_text("ended by itself\n", encoding="utf-8")
