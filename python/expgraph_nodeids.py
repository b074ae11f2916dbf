"""Test ids among the arguments (file.py::test[x]): their files are collected whole, and the ids select."""
from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, List, NamedTuple, Tuple

import pytest

# what stands at the end of an id because of a run: ours, or pytest-repeat's
RUN_IDS = re.compile(r"(?:^|-)(?:run\d+|\d+-\d+)$")


class Asked(NamedTuple):
    """One argument: its file or folder, and the names within it."""

    word: str
    path: str
    names: Tuple[str, ...]


def names_in(text: str) -> List[str]:
    """As pytest takes ids apart: what stands in brackets may hold anything."""
    base, bracket, rest = text.partition("[")
    parts = base.split("::")
    parts[-1] += bracket + rest
    return parts


def widen(config: Any) -> List[Asked]:
    """Leave files alone in config.args; an item that is added for a run has no id that anybody wrote."""
    words = [str(word) for word in config.args]
    if getattr(config.option, "pyargs", False) or not any("::" in word for word in words):
        return []
    asked = []
    for word in words:
        path, *names = names_in(word)
        asked.append(Asked(word, os.path.realpath(config.invocation_params.dir / path), tuple(names)))
    config.args[:] = list(dict.fromkeys(names_in(word)[0] for word in words))
    return asked


def without_run(name: str) -> str:
    """test[x-run2] -> test[x], test[run2] -> test."""
    base, bracket, inner = name.partition("[")
    if not bracket:
        return name
    inner = RUN_IDS.sub("", inner[:-1])
    return f"{base}[{inner}]" if inner else base


def matches(item: pytest.Item, one: Asked) -> bool:
    path = os.path.realpath(str(item.path))
    if not one.names:
        return path == one.path or Path(one.path) in Path(path).parents
    names = names_in(item.nodeid)[1:]
    if path != one.path or len(names) < len(one.names):
        return False
    *heads, last = one.names
    found = names[len(heads)]
    return names[:len(heads)] == heads and last in (found, found.split("[")[0], without_run(found))


def select(items: List[pytest.Item], asked: List[Asked]) -> Tuple[List[pytest.Item], List[str]]:
    """What the arguments name, and those that name nothing."""
    if not asked:
        return list(items), []
    kept = [item for item in items if any(matches(item, one) for one in asked)]
    absent = [one.word for one in asked if not any(matches(item, one) for item in items)]
    return kept, absent
