"""Values of a harness as text and JSON, whatever they are: bounded, never raising."""
from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, List, Optional

import pytest

MAX_OUTPUT, MAX_STDERR, MAX_MESSAGE, MAX_PROBLEMS = 1_000_000, 16_000, 2_000, 500
SOFT = (Exception, pytest.fail.Exception, pytest.skip.Exception)  # what harness code may raise


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
