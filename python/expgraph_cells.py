"""Which cell of the experiment an item of pytest is: its variant, its scenario, its run."""
from __future__ import annotations

import os
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

import pytest

from expgraph_canonical import canonical, canonical_list, too_long
from expgraph_runs import RUN_PARAM, Runs
from expgraph_values import MAX_MESSAGE, bounded_repr, clean, own_text, peek

INPUT_KEYS = ("input", "prompt", "question")


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
        watch = raw.get("watch") or {}
        self.watched: Tuple[str, List[str]] = (str(watch.get("folder", "")), list(watch.get("files", ())))
        self.cells: Dict[Tuple[str, str], Dict[int, Dict[str, Any]]] = {}
        cells = raw.get("cells") or []
        for cell in cells:
            runs = self.cells.setdefault((clean(str(cell["variant"])), clean(str(cell["scenario"]))), {})
            runs.setdefault(int(cell["run"]), cell)
        self.ids: List[str] = [cell["id"] for cell in cells]
        self.keys: Dict[str, str] = {cell["id"]: cell["key"] for cell in cells if "key" in cell}
        pending = sorted({int(cell["run"]) for cell in cells})
        self.runs = Runs(raw.get("runs_from"), [] if self.collect else pending,
                         max([int(raw.get("count") or 1), *pending]))


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
    function, names, counted = function_name(item), list(params_of(item)), job.runs.param_of(item)
    if job.scenario_param in names:
        names = [job.scenario_param]
    elif job.kind == "param":
        names = [name for name in names if name != job.name]
    texts = [param_text(item, name) for name in names
             if not name.startswith(("_expgraph", "__pytest")) and name != counted]
    text = "-".join(texts)
    if not text:
        return function
    return f"{function}:{text}" if functions else text


def place_of(item: pytest.Item, job: Job, functions: bool) -> Place:
    """Both modes ask here, so that what was collected is found again in the run."""
    return Place(variant_of(item, job), scenario_of(item, job, functions), job.runs.run_of(item))


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


def find_words(params: Dict[str, Any], name: str) -> List[str]:
    """A list of words, or one word, that the scenario's object has under the name."""
    for value in params.values():
        found = None if isinstance(value, str) else peek(value, name)
        if isinstance(found, str):
            return [clean(found)]
        if isinstance(found, (list, tuple, set, frozenset)):
            words = [clean(word) for word in found if isinstance(word, str)]
            return sorted(words) if isinstance(found, (set, frozenset)) else words
    return []


def describe(item: pytest.Item, place: Place, *, functions: bool, deselected: bool,
             counted: Optional[str] = None) -> Dict[str, Any]:
    """One item of collect mode; parametrize marks would repeat every value on every item."""
    params = {name: value for name, value in params_of(item).items() if name != RUN_PARAM}
    doc = (getattr(getattr(item, "obj", None), "__doc__", None) or "").strip().splitlines()
    line = item.location[1]
    return {"type": "item", "nodeid": item.nodeid, "function": function_name(item),
            "file": item.location[0], "line": None if line is None else line + 1,
            "params": {name: {"id": param_text(item, name), "value": too_long(canonical(value))}
                       for name, value in params.items()},
            "markers": [{"name": mark.name, "args": canonical_list(mark.args),
                         "kwargs": dict(zip(map(str, mark.kwargs), canonical_list(mark.kwargs.values())))}
                        for mark in item.iter_markers() if mark.name != "parametrize"],
            "variant": place.variant, "scenario": place.scenario, "run": place.run,
            "run_param": counted, "functions": functions, "deselected": deselected,
            "input": find_text(params, INPUT_KEYS, INPUT_KEYS + ("message",)),
            "category": find_text(params, ("category",), ("category",)),
            "description": find_text(params, ("description",), ("description",)),
            "tags": find_words(params, "tags"),
            "doc": clean(doc[0].strip(), MAX_MESSAGE) if doc else None}
