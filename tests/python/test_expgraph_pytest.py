"""Tests of expgraph_pytest: each starts pytest on a small harness, as expgraph does."""
from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest

HERE = Path(__file__).resolve().parents[2] / "python"
TIMEOUT = 90

PARAM = """
    import pytest

    @pytest.mark.parametrize("scenario", ["s1", "s2"])
    @pytest.mark.parametrize("variant", ["baseline", "better"])
    def test_route(variant, scenario, expgraph):
        print("out", variant, scenario, expgraph.run)
        expgraph.record(f"{variant}/{scenario}/{expgraph.run}")
"""


def needs(module: str) -> Any:
    found = importlib.util.find_spec(module) is not None
    return pytest.mark.skipif(not found, reason=f"{module} is not installed")


class Run:
    """A pytest process with the descriptor, and the lines it wrote so far."""

    def __init__(self, folder: Path, job: Any, args: Tuple[str, ...], env: Dict[str, str],
                 stdin: Any, no_job: bool = False) -> None:
        (folder / "job.json").write_text(job if isinstance(job, str) else json.dumps(job), encoding="utf-8")
        read, write = os.pipe()
        full = {**clean_env(), "EXPGRAPH_JOB": str(folder / "job.json"), "EXPGRAPH_FD": str(write), **env}
        self.lines: List[Dict[str, Any]] = []
        self.read = read
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", "expgraph_pytest", "-p", "no:cacheprovider", *args],
            cwd=folder, env=full, pass_fds=(write,), stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        os.close(write)
        self.output = ""
        self.threads = [threading.Thread(target=self.gather), threading.Thread(target=self.listen)]
        for thread in self.threads:
            thread.start()

    def gather(self) -> None:
        with os.fdopen(self.read, "rb") as file:
            for line in file:
                self.lines.append(json.loads(line.decode("utf-8")))

    def listen(self) -> None:
        self.output = self.process.stdout.read()

    def wait(self) -> "Run":
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        for thread in self.threads:
            thread.join(TIMEOUT)
        self.process.stdout.close()
        assert "INTERNALERROR" not in self.output, self.output
        return self

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + TIMEOUT
        while not condition():
            assert time.monotonic() < end and self.process.poll() is None, (self.lines, self.output)
            time.sleep(0.02)

    def of(self, kind: str) -> List[Dict[str, Any]]:
        return [line for line in list(self.lines) if line["type"] == kind]

    def ends(self) -> Dict[str, Dict[str, Any]]:
        found = self.of("end")
        assert len({line["id"] for line in found}) == len(found), "an item ended twice"
        return {line["id"]: line for line in found}

    def outcomes(self) -> Dict[str, str]:
        return {key: line["outcome"] for key, line in self.ends().items()}


def clean_env() -> Dict[str, str]:
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("PYTEST", "EXPGRAPH", "COV_"))}
    return {**kept, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}


def write(folder: Path, files: Dict[str, str]) -> None:
    # pytest-asyncio warns where it is not said; an unknown setting is a warning where it is not there.
    asyncio = importlib.util.find_spec("pytest_asyncio") is not None
    (folder / "pytest.ini").write_text(
        "[pytest]\n" + ("asyncio_default_fixture_loop_scope = function\n" if asyncio else ""))
    for name, text in files.items():
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")


def cell(key: str, variant: str, scenario: str, run: int = 1, **more: Any) -> Dict[str, Any]:
    return {"id": key, "variant": variant, "scenario": scenario, "run": run, "attempt": 1,
            "seed": None, "temperature": None, "model": "m", "params": {}, **more}


def make_job(*cells: Dict[str, Any], kind: str = "param", name: str = "variant", **more: Any) -> Dict[str, Any]:
    return {"v": 1, "mode": "run", "variants_from": {"kind": kind, "name": name},
            "scenario_param": None, "cells": list(cells), "provider": None, **more}


@pytest.fixture
def start(tmp_path: Path) -> Any:
    runs: List[Run] = []

    def begin(source: Any, job: Any, *args: str, env: Optional[Dict[str, str]] = None,
              stdin: Any = subprocess.DEVNULL) -> Run:
        write(tmp_path, source if isinstance(source, dict) else {"test_harness.py": source})
        runs.append(Run(tmp_path, job, args, env or {}, stdin))
        return runs[-1]

    yield begin
    for one in runs:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.fixture
def go(start: Any) -> Any:
    return lambda *args, **more: start(*args, **more).wait()


# ---- variants, scenarios, runs -------------------------------------------------------------

def test_param(go: Any) -> None:
    run = go(PARAM, make_job(cell("0", "baseline", "s1"), cell("1", "better", "s2"), cell("9", "nobody", "s1")))
    assert run.outcomes() == {"0": "passed", "1": "passed"}
    assert [line["type"] for line in run.lines] == [
        "collected", "unmatched", "start", "end", "start", "end", "done"]
    assert run.lines[0]["items"] == 2
    assert run.lines[1]["ids"] == ["9"]
    assert run.lines[-1]["exitstatus"] == 0
    end = run.ends()["1"]
    assert end["nodeid"] == "test_harness.py::test_route[better-s2-run1]"
    assert end["record"] == {"text": "better/s2/1"}
    assert end["stdout"] == "out better s2 1\n"
    assert end["properties"] == {} and end["message"] is None and end["longrepr"] is None
    assert end["phase"] == "call" and end["reruns"] == 0 and end["teardown_error"] is None


def test_several_runs_in_file_order(go: Any) -> None:
    run = go(PARAM, make_job(cell("a", "baseline", "s1", 2), cell("b", "baseline", "s1", 5),
                             cell("c", "better", "s1", 2), cell("d", "better", "s2", 1)))
    assert {key: end["record"]["text"] for key, end in run.ends().items()} == {
        "a": "baseline/s1/2", "b": "baseline/s1/5", "c": "better/s1/2", "d": "better/s2/1"}
    assert [line["id"] for line in run.of("start")] == ["a", "b", "c", "d"]
    assert run.of("unmatched") == []


def test_fixtures_of_the_module_are_set_up_once(go: Any) -> None:
    source = """
        import pytest
        SETUPS = []

        @pytest.fixture(scope="session")
        def client():
            SETUPS.append("client")

        @pytest.fixture(scope="module", params=["baseline", "better"])
        def variant(request, client):
            SETUPS.append(request.param)
            return request.param

        @pytest.mark.parametrize("scenario", ["s1", "s2"])
        def test_it(variant, scenario, expgraph):
            expgraph.record(list(SETUPS))
    """
    cells = [cell(f"{v}{s}{r}", v, s, r) for v in ("baseline", "better") for s in ("s1", "s2") for r in (1, 2)]
    run = go(source, make_job(*cells))
    assert len(run.ends()) == 8
    assert json.loads(run.of("end")[-1]["record"]["text"]) == ["client", "baseline", "better"]


def test_marker(go: Any) -> None:
    source = """
        import pytest

        @pytest.mark.variant("baseline")
        class TestAll:
            @pytest.mark.parametrize("n", [1, 2.5, True, {"id": "four"}])
            def test_one(self, n):
                pass

            @pytest.mark.variant("closest")
            def test_two(self):
                pass

        def test_none():
            pass
    """
    run = go(source, make_job(cell("0", "baseline", "test_one:2.5"), cell("1", "closest", "test_two"),
                              cell("2", "baseline", "test_one:four"), cell("3", "baseline", "test_one:True"),
                              kind="marker"))
    assert run.outcomes() == {"0": "passed", "1": "passed", "2": "passed", "3": "passed"}
    assert run.of("unmatched") == []


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_env(go: Any, workers: Tuple[str, ...]) -> None:
    source = """
        import os, pytest

        @pytest.mark.parametrize("a", ["x", "y"])
        @pytest.mark.parametrize("b", [1])
        def test_it(a, b, expgraph):
            expgraph.record(os.environ["MODE"] + expgraph.variant + expgraph.scenario)
    """
    run = go(source, make_job(cell("0", "fast", "1-y", 2), kind="env", name="MODE"), *workers, env={"MODE": "fast"})
    assert run.ends()["0"]["record"] == {"text": "fastfast1-y"}


def test_scenario_param_and_functions(go: Any) -> None:
    source = {"test_a.py": """
        import pytest

        @pytest.mark.parametrize("variant,scenario,n", [("v", {"name": "one"}, 1), ("v", {"name": 2}, 2)])
        def test_route(variant, scenario, n):
            pass
    """, "test_b.py": "def test_other(): pass"}
    job = make_job(cell("0", "v", "test_route:one"), cell("1", "v", "test_route:2"), scenario_param="scenario")
    assert go(source, job).outcomes() == {"0": "passed", "1": "passed"}
    # what -k leaves does not decide, nor does the number of files given if the job knows better
    assert go(source, job, "-k", "route").outcomes() == {"0": "passed", "1": "passed"}
    assert go(source, job, "test_a.py").outcomes() == {}
    assert len(go(source, {**job, "functions": True}, "test_a.py").outcomes()) == 2
    short = make_job(cell("0", "v", "one"), scenario_param="scenario", functions=False)
    assert go(source, short).outcomes() == {"0": "passed"}


def test_deselection_by_k(go: Any) -> None:
    run = go(PARAM, make_job(cell("0", "baseline", "s1"), cell("1", "better", "s1")), "-k", "better")
    assert run.outcomes() == {"1": "passed"}
    assert run.of("unmatched")[0]["ids"] == ["0"]
    assert run.of("collected")[0]["items"] == 1
    assert "deselected" in run.output


def test_two_items_of_one_cell(go: Any) -> None:
    source = {"test_a.py": "import pytest\n@pytest.mark.variant('v')\ndef test_it(): pass",
              "test_b.py": "import pytest\n@pytest.mark.variant('v')\ndef test_it(): assert 0"}
    run = go(source, make_job(cell("0", "v", "test_it"), kind="marker"))
    assert run.ends()["0"]["nodeid"] == "test_a.py::test_it[run1]"
    [problem] = run.of("problem")
    assert "test_a.py::test_it[run1]" in problem["message"] and "test_b.py::test_it[run1]" in problem["message"]
    # the first of the two that is left by -k
    run = go(source, make_job(cell("0", "v", "test_it"), kind="marker"), "-k", "test_b")
    assert run.outcomes() == {"0": "failed"} and run.of("problem") == []


def test_unittest(go: Any) -> None:
    source = """
        import unittest, pytest

        @pytest.mark.variant("v")
        class TestOld(unittest.TestCase):
            def test_one(self):
                self.assertEqual(1, 2)

            def test_two(self):
                print("hello")
    """
    run = go(source, make_job(cell("0", "v", "test_one", 3), cell("1", "v", "test_two", 1),
                              cell("2", "v", "test_two", 2), kind="marker"))
    assert run.outcomes() == {"0": "failed"} and run.ends()["0"]["is_assertion"] is True
    assert run.of("unmatched")[0]["ids"] == ["1", "2"]
    assert "TestOld::test_two" in run.of("problem")[0]["message"]
    assert go(source, make_job(cell("1", "v", "test_two", 2), kind="marker")).ends()["1"]["stdout"] == "hello\n"


# ---- outcomes and what is recorded ---------------------------------------------------------

OUTCOMES = """
    import pytest, sys, logging

    @pytest.fixture
    def broken():
        assert False, "setup says no"

    @pytest.fixture
    def untidy():
        yield
        raise RuntimeError("teardown says no")

    def test_pass(): pass
    def test_assert(): assert 1 == 2, "wrong answer"
    def test_fail(): pytest.fail("no good")
    def test_raises():
        with pytest.raises(ValueError): pass
    def test_error(): raise ConnectionError("no network")
    def test_setup(broken): pass
    def test_teardown(untidy): pass
    def test_both(untidy): assert False, "call says no"
    def test_skip(): pytest.skip("not today")
    @pytest.mark.skip(reason="never")
    def test_skip_mark(): pass
    @pytest.mark.xfail(reason="known")
    def test_xfail(): assert 0
    @pytest.mark.xfail(reason="known")
    def test_xpass(): pass
    @pytest.mark.xfail(reason="known", strict=True)
    def test_strict(): pass
    def test_timeout(): pytest.fail("Timeout >1.0s")
"""


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_outcomes(go: Any, workers: Tuple[str, ...]) -> None:
    names = ["pass", "assert", "fail", "raises", "error", "setup", "teardown", "both", "skip", "skip_mark",
             "xfail", "xpass", "strict", "timeout"]
    run = go(OUTCOMES, make_job(*(cell(name, "v", f"test_{name}") for name in names), kind="env", name="MODE"),
             *workers, env={"MODE": "v"})
    ends = run.ends()
    found = {key: (end["outcome"], end["phase"], end["is_assertion"]) for key, end in ends.items()}
    assert found == {
        "pass": ("passed", "call", False), "assert": ("failed", "call", True), "fail": ("failed", "call", True),
        "raises": ("failed", "call", True), "error": ("error", "call", False), "setup": ("error", "setup", False),
        "teardown": ("passed", "call", False), "both": ("failed", "call", True), "skip": ("skipped", "call", False),
        "skip_mark": ("skipped", "setup", False), "xfail": ("xfailed", "call", False),
        "xpass": ("xpassed", "call", False), "strict": ("failed", "call", True), "timeout": ("error", "call", False)}
    assert "wrong answer" in ends["assert"]["message"] and "test_harness.py" in ends["assert"]["longrepr"]
    assert ends["error"]["message"] == "ConnectionError: no network"
    assert "setup says no" in ends["setup"]["message"]
    assert ends["teardown"]["teardown_error"] == "RuntimeError: teardown says no"
    assert ends["both"]["teardown_error"] and "call says no" in ends["both"]["message"]
    assert "not today" in ends["skip"]["message"] and "never" in ends["skip_mark"]["message"]
    assert "known" in ends["strict"]["message"] and "known" in ends["xpass"]["message"]
    assert run.of("done")[0]["exitstatus"] == 1
    assert all(end["duration_ms"] >= 0 for end in ends.values())


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_record_and_properties_and_output(go: Any, workers: Tuple[str, ...]) -> None:
    source = """
        import dataclasses, logging, sys, pytest

        @dataclasses.dataclass
        class Call:
            name: str
            args: dict

        class Odd:
            def __repr__(self): raise RuntimeError("no repr")

        @pytest.fixture
        def noisy():
            print("banner")
            print("loud", file=sys.stderr)

        @pytest.mark.parametrize("variant", ["v"])
        def test_it(variant, noisy, expgraph, record_property):
            assert (expgraph.attempt, expgraph.seed, expgraph.temperature) == (3, 7, 0.2)
            assert expgraph.provider == {"base_url": "http://x", "api": "openai", "api_key_env": "K"}
            assert expgraph.params == {"top": [1]} and expgraph.model == "big"
            expgraph.record("first", usage={"in": 1}, score=1, kept=True)
            loop = []; loop.append(loop)
            expgraph.record("a\\ud800b\\U0001f600", tool_calls=[Call("f", {"x": {1}})], finish_reason="stop",
                            messages=({"role": "user"},), model="other", score=float("nan"), odd=Odd(), loop=loop,
                            big=2**70)
            record_property("mine", 5)
            print("x" * 1_200_000 + "END")
            print("y" * 20_000 + "END", file=sys.stderr)
            logging.getLogger().warning("careful")
    """
    job = make_job(cell("0", "v", "test_it", attempt=3, seed=7, temperature=0.2, model="big", params={"top": [1]}),
                   provider={"base_url": "http://x", "api": "openai", "api_key_env": "K"})
    end = go(source, job, *workers).ends()["0"]
    assert end["outcome"] == "passed", end["longrepr"]
    record = end["record"]
    loop = record["properties"].pop("loop")
    assert isinstance(loop, list)
    assert record == {
        "text": "a\ufffdb\U0001f600", "usage": {"in": 1}, "tool_calls": [{"name": "f", "args": {"x": [1]}}],
        "messages": [{"role": "user"}], "finish_reason": "stop", "model": "other",
        "properties": {"score": "nan", "kept": True, "odd": "<Odd without repr>", "big": str(2**70)}}
    assert end["properties"] == {"mine": 5}
    assert len(end["stdout"]) == 1_000_000 and end["stdout"].endswith("xEND\n") and "banner" not in end["stdout"]
    assert len(end["stderr"]) == 16_000 and end["stderr"].endswith("yEND\n")
    assert "careful" in end["log"]


def test_output_of_a_fixture_is_kept_if_the_call_is_silent(go: Any) -> None:
    source = """
        import pytest

        @pytest.fixture
        def answer():
            print("the answer")
            return 42

        @pytest.mark.parametrize("variant", ["v"])
        def test_it(variant, answer):
            assert answer == 42
    """
    assert go(source, make_job(cell("0", "v", "test_it"))).ends()["0"]["stdout"] == "the answer\n"


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="subtests came with pytest 9")
def test_subtests(go: Any) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("variant", ["good", "bad", "error", "skip"])
        def test_it(variant, subtests):
            with subtests.test("one"):
                assert variant != "bad", "one is wrong"
                assert variant != "error" or {}["key"]
                if variant == "skip":
                    pytest.skip("not one")
            with subtests.test("two"):
                pass
    """
    run = go(source, make_job(*(cell(one, one, "test_it") for one in ("good", "bad", "error", "skip"))))
    assert run.outcomes() == {"good": "passed", "bad": "failed", "error": "error", "skip": "passed"}
    assert "one is wrong" in run.ends()["bad"]["message"] and "KeyError" in run.ends()["error"]["message"]


# ---- other plugins -------------------------------------------------------------------------

@needs("xdist")
@pytest.mark.parametrize("dist", ["load", "loadgroup", "loadfile"])
def test_xdist(go: Any, dist: str) -> None:
    grouped = PARAM.replace("    @pytest.mark.parametrize(\"scenario\"",
                            "    @pytest.mark.xdist_group('g')\n    @pytest.mark.parametrize(\"scenario\"")
    cells = [cell(f"{v}{s}{r}", v, s, r) for v in ("baseline", "better") for s in ("s1", "s2") for r in (1, 2)]
    run = go(grouped, make_job(*cells, cell("no", "x", "y")), "-n", "2", "--dist", dist)
    assert {key: end["record"]["text"] for key, end in run.ends().items()} == {
        one["id"]: f"{one['variant']}/{one['scenario']}/{one['run']}" for one in cells}
    assert [line["items"] for line in run.of("collected")] == [8]
    assert [line["ids"] for line in run.of("unmatched")] == [["no"]]
    assert {line["id"] for line in run.of("start")} == {one["id"] for one in cells}
    assert run.lines[-1] == {"type": "done", "exitstatus": 0}
    assert run.of("problem") == []


@needs("xdist")
def test_xdist_says_a_problem_once_and_names_a_crash(go: Any) -> None:
    source = """
        import os, pytest

        @pytest.mark.parametrize("again", [1, 2])
        @pytest.mark.parametrize("scenario", ["die", "live"])
        @pytest.mark.parametrize("variant", ["v"])
        def test_it(variant, scenario, again):
            if scenario == "die":
                os._exit(3)
    """
    run = go(source, make_job(cell("0", "v", "die"), cell("1", "v", "live"), scenario_param="scenario"), "-n", "2")
    assert run.outcomes() == {"0": "error", "1": "passed"}
    assert "crashed" in run.ends()["0"]["message"]
    assert len(run.of("problem")) == 2  # one a scenario


@needs("pytest_rerunfailures")
@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_rerunfailures(go: Any, workers: Tuple[str, ...], tmp_path: Path) -> None:
    source = f"""
        import pathlib, pytest

        @pytest.mark.parametrize("variant", ["flaky", "never"])
        def test_it(variant, expgraph, record_property):
            mark = pathlib.Path({str(tmp_path)!r}) / (variant + ".count")
            count = int(mark.read_text()) + 1 if mark.exists() else 1
            mark.write_text(str(count))
            record_property("count", count)
            print("attempt", count)
            if count < 3:
                expgraph.record("only early", early=True)
            expgraph.record(str(count))
            assert variant == "flaky" and count == 3
    """
    run = go(source, make_job(cell("0", "flaky", "test_it"), cell("1", "never", "test_it")),
             "--reruns", "2", *workers)
    ends = run.ends()
    assert run.outcomes() == {"0": "passed", "1": "failed"}
    for end in ends.values():
        assert end["reruns"] == 2
        assert end["record"] == {"text": "3"}
        assert end["stdout"] == "attempt 3\n"
        assert end["properties"] == {"count": 3}
    assert sorted(line["id"] for line in run.of("start")) == ["0", "1"]


@needs("pytest_rerunfailures")
@needs("xdist")
def test_rerun_after_setup_teardown_and_crash(go: Any, tmp_path: Path) -> None:
    source = f"""
        import os, pathlib, pytest, time

        def first(name):
            mark = pathlib.Path({str(tmp_path)!r}) / (name + ".seen")
            return not mark.exists() and mark.write_text("seen")

        @pytest.fixture
        def shaky(variant):
            assert variant != "setup" or not first("setup")
            yield
            assert variant != "teardown" or not first("teardown")

        @pytest.mark.parametrize("variant", ["setup", "teardown", "crash", "good"])
        def test_it(variant, shaky, expgraph):
            expgraph.record(variant)
            if variant == "crash" and first("crash"):
                time.sleep(0.5)  # rerunfailures tells its controller over a socket that it may be rerun
                os._exit(3)
    """
    names = ["setup", "teardown", "crash", "good"]
    run = go(source, make_job(*(cell(name, name, "test_it") for name in names)), "--reruns", "2", "-n", "2")
    assert run.outcomes() == dict.fromkeys(names, "passed"), run.output + repr(run.lines)
    assert {key: (end["reruns"], end["record"]["text"], end["teardown_error"]) for key, end in run.ends().items()} == {
        "setup": (1, "setup", None), "teardown": (1, "teardown", None), "crash": (1, "crash", None),
        "good": (0, "good", None)}


STEPS = """
    import pytest

    @pytest.fixture
    def rep(request):
        return request.node.callspec.params["__pytest_repeat_step_number"] + 1

    @pytest.mark.parametrize("scenario", ["s1", "s2"])
    @pytest.mark.parametrize("variant", ["baseline"])
    def test_it(variant, scenario, rep, request, pytestconfig, expgraph, __pytest_repeat_step_number):
        assert __pytest_repeat_step_number == rep - 1
        assert pytestconfig.getoption("count") == request.config.option.count
        expgraph.record(f"{scenario} {rep} of {pytestconfig.getoption('count')}", run=expgraph.run)
"""


@needs("pytest_repeat")
@pytest.mark.parametrize("args", [(), ("--count", "3"), ("--count", "9"), ("--repeat-scope", "session")])
@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_repeat(go: Any, args: Tuple[str, ...], workers: Tuple[str, ...]) -> None:
    cells = [cell("0", "baseline", "s1", 2), cell("1", "baseline", "s1", 3), cell("2", "baseline", "s2", 3)]
    run = go(STEPS, make_job(*cells, count=5), *args, *workers)
    assert {key: end["record"] for key, end in run.ends().items()} == {
        "0": {"text": "s1 2 of 5", "properties": {"run": 2}}, "1": {"text": "s1 3 of 5", "properties": {"run": 3}},
        "2": {"text": "s2 3 of 5", "properties": {"run": 3}}}
    assert run.ends()["0"]["nodeid"].endswith("[baseline-s1-2-5]")
    assert run.of("problem") == run.of("unmatched") == []


@needs("pytest_repeat")
@pytest.mark.parametrize("runs", [1, 5])
def test_repeat_mark(go: Any, runs: int) -> None:
    source = STEPS.replace("    @pytest.mark.parametrize(\"scenario\"",
                           "    @pytest.mark.repeat(3)\n    @pytest.mark.parametrize(\"scenario\"")
    run = go(source, make_job(cell("0", "baseline", "s1", runs), count=runs))
    assert run.ends()["0"]["record"]["text"] == f"s1 {runs} of {runs}", run.output


COUNTED = """
    import pytest

    @pytest.mark.parametrize("rep", RANGE, ids=lambda rep: f"rep{rep}")
    @pytest.mark.parametrize("scenario", ["s1", "s2"])
    @pytest.mark.parametrize("variant", ["baseline"])
    def test_it(variant, scenario, rep, expgraph):
        expgraph.record(f"{scenario} {rep}", run=expgraph.run)
"""


@pytest.mark.parametrize("values,base", [("range(3)", 0), ("[1, 2, 3]", 1), ("[pytest.param(0), 1]", 0)])
def test_a_parameter_that_counts_is_the_run(go: Any, values: str, base: int) -> None:
    source = COUNTED.replace("RANGE", values)
    job = make_job(cell("0", "baseline", "s1", 2), cell("1", "baseline", "s2", 5), count=5, runs_from="rep")
    run = go(source, job)
    assert {key: end["record"] for key, end in run.ends().items()} == {
        "0": {"text": f"s1 {base + 1}", "properties": {"run": 2}},
        "1": {"text": f"s2 {base + 4}", "properties": {"run": 5}}}, run.output
    for source_of_runs in ("rep", "auto"):
        told = go(source, {**make_job(), "mode": "collect", "runs_from": source_of_runs}).of("item")
        assert {line["scenario"] for line in told} == {"s1", "s2"}
        assert {line["run"] for line in told} == set(range(1, len(told) // 2 + 1))
        assert {line["run_param"] for line in told} == {"rep"}
    told = go(source, {**make_job(), "mode": "collect"}).of("item")
    assert {line["run"] for line in told} == {None} and len({line["scenario"] for line in told}) == len(told)


def test_a_fixture_that_counts_is_the_run(go: Any) -> None:
    source = """
        import pytest

        @pytest.fixture(params=range(3))
        def trial(request):
            return request.param

        @pytest.mark.parametrize("attempts", [3, 7])
        @pytest.mark.parametrize("variant", ["v"])
        def test_it(variant, attempts, trial, expgraph):
            expgraph.record(f"{attempts} {trial}")
    """
    run = go(source, make_job(cell("0", "v", "7", 4), count=4, runs_from="trial"))
    assert run.ends()["0"]["record"]["text"] == "7 3", run.output
    told = go(source, {**make_job(), "mode": "collect", "runs_from": "auto"}).of("item")
    assert sorted((line["scenario"], line["run"]) for line in told) == [
        (scenario, one) for scenario in ("3", "7") for one in (1, 2, 3)]


# ---- the parent's side ---------------------------------------------------------------------

SLOW = """
    import pytest, time

    @pytest.mark.parametrize("scenario", [f"s{i}" for i in range(40)])
    @pytest.mark.parametrize("variant", ["v"])
    def test_it(variant, scenario):
        time.sleep(0.4)
"""
SLOW_JOB = make_job(*(cell(str(i), "v", f"s{i}") for i in range(40)))


@pytest.mark.parametrize("how", ["stop", "eof", "socket", "no capture"])
@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_stop(start: Any, workers: Tuple[str, ...], how: str) -> None:
    ours, theirs = socket.socketpair() if how == "socket" else (None, None)
    args = (*workers, "-s") if how == "no capture" else workers
    run = start(SLOW, SLOW_JOB, *args, stdin=theirs or subprocess.PIPE)
    run.until(lambda: len(run.of("end")) >= 1)
    if ours is not None:
        ours.sendall(b"stop\n")
    elif how == "eof":
        run.process.stdin.close()
    else:
        run.process.stdin.write("hello\nstop\n")
        run.process.stdin.flush()
    run.wait()
    started, ended = {line["id"] for line in run.of("start")}, set(run.ends())
    assert started == ended and 1 <= len(ended) < 12
    assert set(run.outcomes().values()) == {"passed"}
    assert len(run.of("done")) == 1
    for one in (ours, theirs):
        if one is not None:
            one.close()


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
@pytest.mark.parametrize("when", ["before", "collecting"])
def test_stop_before_the_first_item(start: Any, workers: Tuple[str, ...], when: str, tmp_path: Path) -> None:
    mark = tmp_path / "collecting"
    wait = f"import time, pathlib; pathlib.Path({str(mark)!r}).write_text(''); time.sleep(1)\n"
    files = {"test_a.py": wait + textwrap.dedent(SLOW), "test_b.py": "def test_b(): pass"}
    run = start(files, {**SLOW_JOB, "functions": False}, *workers, stdin=subprocess.PIPE)
    if when == "collecting":
        run.until(mark.exists)
    run.process.stdin.close()
    run.wait()
    assert run.of("start") == run.of("end") == run.of("problem") == []
    assert len(run.of("done")) == 1
    assert run.of("unmatched") == []  # who was stopped has not looked everywhere


def test_kill_leaves_what_ended(start: Any) -> None:
    run = start(SLOW, SLOW_JOB)
    run.until(lambda: len(run.of("end")) >= 2)
    os.kill(run.process.pid, signal.SIGKILL)
    run.wait()
    assert 2 <= len(run.ends()) < 10 and run.of("done") == []


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_parent_that_is_gone(tmp_path: Path, workers: Tuple[str, ...]) -> None:
    """What is under way ends and is kept, nothing else begins, and the session ends as ever: nobody reads what is printed."""
    write(tmp_path, {"test_harness.py": SLOW.replace("time.sleep(0.4)", "time.sleep(0.4); print('at work', flush=True)"),
                     "conftest.py": """
        def pytest_sessionfinish(session):
            if not hasattr(session.config, "workerinput"):
                open("finished", "w").close()
    """})
    job = {**SLOW_JOB, "cells": [{**one, "key": f"key {one['id']}"} for one in SLOW_JOB["cells"]]}
    (tmp_path / "job.json").write_text(json.dumps(job))
    read, out = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-s", "-p", "expgraph_pytest", *workers], cwd=tmp_path, pass_fds=(out,),
        env={**clean_env(), "EXPGRAPH_FD": str(out), "EXPGRAPH_JOB": str(tmp_path / "job.json"),
             "EXPGRAPH_SPOOL": str(tmp_path / "spool")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    os.close(out)
    with os.fdopen(read) as file:
        while json.loads(file.readline())["type"] != "start":
            pass
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=TIMEOUT)
    lines = [json.loads(line) for line in (tmp_path / "spool").read_text().splitlines()]
    ends = [line for line in lines if line["type"] == "end"]
    assert lines[0] == {"type": "begin", "pid": process.pid}
    assert 1 <= len(ends) < len(SLOW_JOB["cells"])
    assert {end["end"]["outcome"] for end in ends} == {"passed"} and all(end["key"] == f"key {end['end']['id']}" for end in ends)
    assert (tmp_path / "finished").exists()


def test_collect(go: Any) -> None:
    source = """
        import pytest

        class Case:
            def __init__(self, name, prompt): self.name, self.prompt, self.category = name, prompt, "hard"

        class Plain:
            pass

        @pytest.mark.slow(3, when="now")
        @pytest.mark.parametrize("case", [{"id": "c1", "input": "hi", "category": "easy"}, Case("c2", "there"),
                                          Plain(), pytest.param(Plain(), id="named")])
        @pytest.mark.parametrize("variant", ["a", "b"])
        def test_route(variant, case):
            '''Routes a question.

            More.'''
            raise SystemExit("must not run")

        @pytest.mark.parametrize("variant,question,n", [("a", "why?", (1, {2}))])
        def test_ask(variant, question, n):
            pass

        def test_bare():
            pass
    """
    run = go(source, {**make_job(), "mode": "collect"}, "--collect-only")
    items = {line["nodeid"].split("::")[1]: line for line in run.of("item")}
    assert [line["type"] for line in run.lines] == ["item"] * 10 + ["modules", "done"]
    assert run.of("modules") == [{"type": "modules", "environ": [], "imports": ["pytest"]}]
    first = items["test_route[a-case0]"]
    assert first.pop("line") > 0
    assert first == {
        "type": "item", "nodeid": "test_harness.py::test_route[a-case0]", "function": "test_route",
        "file": "test_harness.py", "variant": "a", "scenario": "test_route:c1", "input": "hi", "category": "easy",
        "description": None, "tags": [],
        "params": {"variant": {"id": "a", "value": "a"},
                   "case": {"id": "c1", "value": {"id": "c1", "input": "hi", "category": "easy"}}},
        "markers": [{"name": "slow", "args": [3], "kwargs": {"when": "now"}}], "functions": True,
        "run": None, "run_param": None, "deselected": False, "doc": "Routes a question."}
    second = items["test_route[b-case1]"]
    assert (second["variant"], second["scenario"], second["input"], second["category"]) == (
        "b", "test_route:c2", "there", "hard")
    assert second["params"]["case"]["value"] == {
        "$type": "Case", "name": "c2", "prompt": "there", "category": "hard"}
    assert items["test_route[a-case2]"]["scenario"] == "test_route:case2"
    assert items["test_route[a-named]"]["scenario"] == "test_route:named"
    ask = next(line for key, line in items.items() if key.startswith("test_ask"))
    assert ask["input"] == "why?" and ask["scenario"].startswith("test_ask:why?-") and ask["doc"] is None
    bare = items["test_bare"]
    assert (bare["variant"], bare["scenario"], bare["params"]) == (None, "test_bare", {})
    # each collected (variant, scenario) is found by a run, also on other workers' machines
    again = make_job(*(cell(line["nodeid"], line["variant"], line["scenario"])
                       for line in run.of("item") if line["variant"]), functions=first["functions"])
    assert go(source, again, "-k", "ask or route").of("unmatched") == []


def test_collect_never_runs(go: Any) -> None:
    run = go(PARAM, {**make_job(), "mode": "collect"})
    assert [line["type"] for line in run.lines] == ["item"] * 4 + ["modules", "done"]


@pytest.mark.parametrize("broken", ["", "utils.tracing_is_enabled = None", "helpers.tracing_context = None",
                                    "trees.RunTree = None", "helpers.tracing_context = lambda **given: 1 / 0",
                                    "helpers.get_tracing_context = lambda: 1 / 0"])
def test_traces_hang_on_ours_or_the_test_runs_as_ever(go: Any, broken: str) -> None:
    source = f"""
        import contextlib, sys, types
        import pytest

        utils, helpers, trees = (types.ModuleType(name) for name in ("utils", "run_helpers", "run_trees"))
        utils.tracing_is_enabled, utils.test_tracking_is_disabled = lambda: True, lambda: False
        helpers.get_tracing_context = lambda: {{"parent": None, "metadata": {{"mine": 1}}, "enabled": None}}
        seen = []

        class RunTree:
            @classmethod
            def from_headers(cls, headers, **more): return {{**headers, **more}}

        @contextlib.contextmanager
        def tracing_context(**given):
            seen.append(given)
            yield

        trees.RunTree, helpers.tracing_context = RunTree, tracing_context
        for module in (utils, helpers, trees):
            sys.modules["langsmith." + module.__name__] = module
        {broken}

        @pytest.mark.parametrize("scenario", ["s1"])
        @pytest.mark.parametrize("variant", ["a"])
        def test_it(variant, scenario, expgraph):
            expgraph.record("out", seen=seen)
    """
    one = {**cell("0", "a", "s1"), "trace": {"seed": "seed", "project": "my project", "facts": {"run": 1}}}
    run = go(source, make_job(one))
    assert run.of("problem") == [] and run.outcomes() == {"0": "passed"}
    seen = run.ends()["0"]["record"]["properties"]["seen"]
    if broken:
        assert seen == []
        return
    (told,) = run.of("trace")
    parent = seen[0]["parent"]
    assert parent["baggage"] == "langsmith-project=my%20project" and parent["project_name"] == "my project"
    time, own = parent["langsmith-trace"].split("Z")
    assert len(time) == 21 and seen[0]["metadata"] == {"mine": 1, "expgraph_run_id": own, "expgraph_run": 1}
    assert int(own.replace("-", "")[:12], 16) == told["started_ms"]


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_errors_are_told_with_their_causes(go: Any, workers: Tuple[str, ...]) -> None:
    source = """
        import pytest

        class Response:
            status_code = 429
            headers = {"Retry-After": "3", "Set-Cookie": "secret"}
            _content = b'{"error": {"code": "slow_down"}}'

        class LimitError(Exception):
            response = Response()

        class Hostile(Exception):
            __str__ = __repr__ = None
            @property
            def status_code(self): raise RuntimeError("no")
            def __getattr__(self, name): raise ValueError(name) if name[0] != "_" else AttributeError(name)

        @pytest.mark.parametrize("scenario", ["caused", "circle", "hostile", "asserts"])
        @pytest.mark.parametrize("variant", ["a"])
        def test_it(variant, scenario):
            if scenario == "hostile":
                raise Hostile()
            if scenario == "circle":
                one, two = KeyError("one"), KeyError("two")
                one.__cause__, two.__cause__ = two, one
                raise one
            if scenario == "asserts":
                raise AssertionError("no") from LimitError("slow")
            raise ValueError("failed") from LimitError("slow")
    """
    names = ["caused", "circle", "hostile", "asserts"]
    run = go(source, make_job(*(cell(str(n), "a", name) for n, name in enumerate(names))), *workers)
    ends = run.ends()
    assert run.of("problem") == []
    assert run.outcomes() == {"0": "error", "1": "error", "2": "error", "3": "failed"}
    assert ends["0"]["error"] == [
        {"types": ["builtins.ValueError", "builtins.Exception"], "message": "failed"},
        {"types": ["test_harness.LimitError", "builtins.Exception"], "message": "slow", "status": 429,
         "headers": {"retry-after": "3"}, "body": '{"error": {"code": "slow_down"}}'}]
    assert [link["message"] for link in ends["1"]["error"]] == ["'one'", "'two'"]
    assert ends["2"]["error"] == [{"types": ["test_harness.Hostile", "builtins.Exception"]}]
    assert ends["3"]["error"] is None


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_collection_error(go: Any, workers: Tuple[str, ...]) -> None:
    files = {"test_harness.py": PARAM, "test_broken.py": "def test_it(:\n", "test_raises.py": "1 / 0\n"}
    run = go(files, make_job(cell("0", "baseline", "s1")), "--continue-on-collection-errors", *workers)
    messages = [line["message"] for line in run.of("problem")]
    assert len(messages) == 2
    assert any(text.startswith("test_broken.py: ") and "SyntaxError" in text for text in messages)
    assert any(text.startswith("test_raises.py: ") and "ZeroDivisionError" in text for text in messages)
    assert run.outcomes() == {"0": "passed"}
    assert run.of("done")[0]["exitstatus"] == 1


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_hostile_params(go: Any, workers: Tuple[str, ...]) -> None:
    source = r"""
        import pytest

        class Bad:
            def __repr__(self): raise RuntimeError("no")
            def __str__(self): raise RuntimeError("no")
            def __getattr__(self, name): raise RuntimeError("no")

        class Skips:
            @property
            def name(self): pytest.skip("hm")

        class Text(str):
            def __str__(self): return "lie"
            def __repr__(self): raise RuntimeError("no")

        DEEP = {}
        DEEP["me"] = DEEP
        VALUES = ["a\ud800b", "nul\0line\nquote\"", "x" * 3000, "[x]::y-z", Bad(), Skips(), Text("true"), b"\xff", None,
                  float("nan"), DEEP, "ünï\u2028", 10 ** 20, ""]

        @pytest.mark.parametrize("value", VALUES, ids=[f"i{i}" for i in range(len(VALUES))])
        @pytest.mark.parametrize("variant", ["v\ud801"], ids=["v"])
        def test_it(variant, value, expgraph, record_property):
            print("out \N{SNOWMAN}")
            expgraph.record(value, value=value, **{"key": variant})
            record_property("variant", "v")
    """
    run = go(source, {**make_job(), "mode": "collect"}, "--collect-only")
    items = run.of("item")
    assert len(items) == 14 and run.of("problem") == []
    texts = [line["scenario"] for line in items]
    assert texts == ["a\ufffdb", "nul\0line\nquote\"", "x" * 3000, "[x]::y-z", "i4", "i5", "true", "i7", "i8", "nan",
                     "i10", "ünï\u2028", "1" + "0" * 20, "test_it"]
    assert {line["variant"] for line in items} == {"v\ufffd"}
    job = make_job(*(cell(str(i), line["variant"], line["scenario"]) for i, line in enumerate(items)))
    run = go(source, job, *workers)
    assert set(run.outcomes().values()) == {"passed"} and len(run.ends()) == 14
    assert run.of("problem") == [] and run.of("unmatched") == []
    assert run.ends()["0"]["record"]["text"] == "a\ufffdb"
    assert run.ends()["4"]["record"]["properties"] == {"value": "<Bad without repr>", "key": "v\ufffd"}
    assert run.ends()["6"]["stdout"] == "out \N{SNOWMAN}\n"


def test_a_failing_hook_of_the_harness_is_no_crash_of_ours(go: Any) -> None:
    source = {"test_harness.py": PARAM, "conftest.py": """
        def pytest_collection_modifyitems(items):
            items.reverse()
            for item in items:
                item.user_properties.append(("odd", object))
    """}
    run = go(source, make_job(cell("0", "baseline", "s1"), cell("1", "better", "s2")))
    assert [line["id"] for line in run.of("start")] == ["1", "0"]
    assert "object" in run.ends()["0"]["properties"]["odd"]


def test_exit_in_the_middle(go: Any) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("variant", ["a", "b", "c"])
        def test_it(variant):
            if variant == "b":
                pytest.exit("enough")
    """
    run = go(source, make_job(*(cell(one, one, "test_it") for one in "abc")))
    assert run.outcomes() == {"a": "passed"}
    assert [line["id"] for line in run.of("start")] == ["a", "b"] and len(run.of("done")) == 1


@pytest.mark.parametrize("job", ["not json", "[]", '{"cells": [{"id": "0"}]}'])
def test_bad_job_runs_nothing(go: Any, job: str) -> None:
    run = go(PARAM, job)
    assert [line["type"] for line in run.lines] == ["problem", "done"]
    assert run.lines[-1]["exitstatus"] == run.process.returncode == 4


# ---- without expgraph ----------------------------------------------------------------------

def run_plain(folder: Path, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args], cwd=folder,
                          env={**clean_env(), **env}, capture_output=True, text=True, timeout=TIMEOUT)


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_plain_pytest(tmp_path: Path, workers: Tuple[str, ...]) -> None:
    write(tmp_path, {"test_harness.py": """
        import pytest

        @pytest.mark.parametrize("scenario", ["s1"])
        @pytest.mark.parametrize("variant", ["v1", "v2"])
        def test_it(variant, scenario, expgraph, request):
            assert (expgraph.variant, expgraph.scenario, expgraph.run) == (variant, "s1", 1)
            assert expgraph.attempt == 1 and expgraph.params == {}
            assert [expgraph.temperature, expgraph.seed, expgraph.model, expgraph.provider] == [None] * 4
            expgraph.record("text", a=1)
            expgraph.record(b=2)
            assert request.node.user_properties == [("_expgraph", {"text": "text", "properties": {"a": 1, "b": 2}})]
            assert request.node.name == f"test_it[{variant}-s1]"

        def test_bare(expgraph):
            assert expgraph.variant is None and expgraph.scenario == "test_bare"
    """, "job.json": json.dumps(make_job())})
    # the job's path alone, as in a pytest that a test starts, means nothing
    done = run_plain(tmp_path, "-p", "expgraph_pytest", "-W", "error", *workers, EXPGRAPH_JOB=str(tmp_path / "job.json"))
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout + done.stderr


def test_bad_descriptor_runs_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"test_harness.py": "def test_it(): pass"})
    for number in ("987", "x"):
        done = run_plain(tmp_path, "-p", "expgraph_pytest", EXPGRAPH_FD=number)
        assert done.returncode != 0 and "passed" not in done.stdout
        assert "EXPGRAPH_FD" in done.stdout + done.stderr


def test_children_get_neither_descriptor_nor_stdin(start: Any) -> None:
    source = """
        import os, subprocess, sys, pytest

        @pytest.mark.parametrize("variant", ["v"])
        def test_it(variant):
            code = "import os, sys; print(sys.stdin.read(), os.environ.get('EXPGRAPH_FD'))"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
            assert done.stdout.split() == ["None"]
    """
    run = start(source, make_job(cell("0", "v", "test_it")), "-s", stdin=subprocess.PIPE)
    run.until(lambda: run.of("done") != [] or run.process.poll() is not None)
    run.process.stdin.close()
    assert run.wait().outcomes() == {"0": "passed"}, run.lines
