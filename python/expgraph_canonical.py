"""Values of a harness as JSON that is the same in every process, and differs where the values do."""
from __future__ import annotations

import base64
import dataclasses
import enum
import functools
import json
import math
import pathlib
import re
import sys
import types
from collections.abc import Mapping
from typing import Any, Dict, List, Tuple

from expgraph_values import SOFT, clean

MAX_DEPTH, MAX_NODES = 60, 200_000
REFERENCES = (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
# what str() says whole, and says the same of equal values
NAMED = {"datetime": ("datetime", "date", "time", "timedelta", "timezone"), "decimal": ("Decimal",),
         "fractions": ("Fraction",), "uuid": ("UUID",), "zoneinfo": ("ZoneInfo",)}
INSTALLED = ("site-packages", "dist-packages")


def canonical(value: Any) -> Any:
    """JSON-able; what cannot be told apart by its data is {"$opaque": type}, never an address."""
    return Canon().of(value, ())


class Canon:
    """One value on its way: how much of it was looked at."""

    def __init__(self) -> None:
        self.nodes = 0

    def of(self, value: Any, above: Tuple[int, ...]) -> Any:
        try:
            return self.told(value, above)
        except SOFT + (RecursionError,):
            return opaque(value)

    def told(self, value: Any, above: Tuple[int, ...]) -> Any:
        self.nodes += 1
        if isinstance(value, enum.Enum):
            return {"$enum": f"{type(value).__qualname__}.{value.name}", "value": self.of(value.value, above)}
        if value is None or isinstance(value, (bool, str, int, float)):
            return scalar(value)
        if self.nodes > MAX_NODES or len(above) > MAX_DEPTH or id(value) in above:
            return opaque(value)
        within = above + (id(value),)
        if isinstance(value, REFERENCES):
            return reference(value)
        if isinstance(value, types.MethodType):
            return {**reference(value.__func__), "self": self.of(value.__self__, within)}
        if isinstance(value, functools.partial):
            return {"$partial": self.of([value.func, value.args, value.keywords], within)}
        if isinstance(value, (bytes, bytearray)):
            return {"$bytes": base64.b64encode(bytes(value)).decode("ascii")}
        if isinstance(value, pathlib.PurePath):
            return {"$path": clean(str(value))}
        if isinstance(value, re.Pattern):
            return {"$pattern": self.of(value.pattern, within), "flags": int(value.flags)}
        if isinstance(value, Mapping):
            return self.mapping(value, within)
        if isinstance(value, (set, frozenset)):
            return {"$set": sorted((self.of(part, within) for part in value), key=text_of)}
        fields = fields_of(value)
        if fields is not None:
            return {"$type": type(value).__qualname__,
                    **{name: self.of(part, within) for name, part in fields.items()}}
        if isinstance(value, (list, tuple)):
            return [self.of(part, within) for part in value]
        if isinstance(value, range):
            return {"$range": [value.start, value.stop, value.step]}
        if type(value).__name__ in NAMED.get(type(value).__module__, ()):
            return {f"${type(value).__name__.lower()}": str(value)}
        return opaque(value)

    def mapping(self, value: Any, within: Tuple[int, ...]) -> Any:
        if all(isinstance(key, str) for key in value) and not any(key.startswith("$") for key in value):
            return {clean(str.__str__(key)): self.of(part, within) for key, part in value.items()}
        pairs = [[self.of(key, within), self.of(part, within)] for key, part in value.items()]
        return {"$map": sorted(pairs, key=text_of)}


def scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int):  # beyond 2**53 a JavaScript reader would round it
        return int(value) if abs(value) <= 2**53 else {"$int": int.__repr__(value)}
    return float(value) if math.isfinite(value) else {"$float": float.__repr__(value)}


def fields_of(value: Any) -> Any:
    """The data of a dataclass, a pydantic or attrs model, a NamedTuple or a plain object of the project."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return value._asdict() if hasattr(kind, "_fields") and hasattr(kind, "_asdict") else None
    if isinstance(value, list):
        return None
    declared = getattr(kind, "model_fields", None) or getattr(kind, "__fields__", None)
    if isinstance(declared, dict):
        more = getattr(value, "__pydantic_extra__", None) or {}
        return {**{name: getattr(value, name) for name in declared}, **more}
    attributes = getattr(kind, "__attrs_attrs__", None)
    if attributes is not None:
        return {one.name: getattr(value, one.name) for one in attributes}
    if not is_own(kind):
        return None
    fields: Dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                fields[name] = getattr(value, name)
    fields.update(getattr(value, "__dict__", {}))
    return fields


def is_own(kind: type) -> bool:
    """Objects of libraries hold connections and locks, and keys of theirs: what they are is not in their fields."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if not file:
        return False
    parts = pathlib.PurePath(file).parts
    return not any(name in parts for name in INSTALLED) and not file.startswith(LIBRARY)


LIBRARY = str(pathlib.PurePath(json.__file__).parent.parent) + "/"


def reference(value: Any) -> Dict[str, str]:
    """Where the code is that it names; what that does is in the code."""
    if isinstance(value, types.ModuleType):
        return {"$ref": clean(value.__name__)}
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", "?")
    return {"$ref": clean(f"{getattr(value, '__module__', None) or '?'}:{name}")}


def opaque(value: Any) -> Dict[str, str]:
    kind = type(value)
    return {"$opaque": clean(f"{kind.__module__}:{kind.__qualname__}")}


def text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def too_long(value: Any, limit: int = 100_000) -> Any:
    """A long value by its digest, so that what is kept of it stays small; lists of items repeat it."""
    import hashlib

    text = text_of(value)
    if len(text) <= limit:
        return value
    return {"$sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), "length": len(text)}


def canonical_list(values: Any) -> List[Any]:
    return [too_long(canonical(value)) for value in values]
