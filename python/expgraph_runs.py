"""Which run of its cell an item is, and how the harness's own way of repeating is told the runs that are pending."""
from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

RUN_PARAM = "_expgraph_run"
REPEAT_PARAM = "__pytest_repeat_step_number"
RUN_WORDS = ("run", "rep", "repeat", "repetition", "trial", "attempt", "epoch", "iteration")


class Mark:
    """What pytest-repeat is shown in place of a mark or --count of the harness: the runs are ours to make."""

    args, kwargs, name = (1,), {}, "repeat"


class Runs:
    """The runs of one session. `source`: the parameter that counts them, "auto" where its name says so, or none."""

    def __init__(self, source: Optional[str], pending: List[int], count: int) -> None:
        self.source, self.pending, self.count = source, pending, count
        self.bases: Dict[str, int] = {}  # by function and parameter: what the first run is called

    def follow(self, config: Any) -> None:
        """--count says how many runs there are, to whatever of the harness asks for it."""
        if self.pending and has_repeat(config):
            config.option.count = self.count

    def open(self, metafunc: Any) -> Dict[str, Any]:
        """Before any parameter is made: what is changed for so long is put back by `close`."""
        definition, own = metafunc.definition, {"marked": None, "replaced": False}
        parametrize = metafunc.parametrize

        def watched(argnames: Any, argvalues: Any, *args: Any, **more: Any) -> None:
            argvalues = list(argvalues)
            name = self.source_in(argnames, argvalues)
            if name is not None:
                values = [plain_value(value) for value in argvalues]
                base = self.bases[f"{definition.nodeid} {name}"] = min(values)
                if self.pending:
                    argvalues = [base + run - 1 for run in self.pending]
                    own["replaced"] = True
                    if not callable(more.get("ids")):
                        more.pop("ids", None)
            parametrize(argnames, argvalues, *args, **more)

        metafunc.parametrize = watched
        if self.pending and has_repeat(metafunc.config):
            closest = definition.get_closest_marker
            own["marked"] = closest("repeat")
            definition.get_closest_marker = lambda name, *default: (
                Mark if name == "repeat" else closest(name, *default))
        return own

    def close(self, metafunc: Any) -> None:
        vars(metafunc).pop("parametrize", None)
        vars(metafunc.definition).pop("get_closest_marker", None)

    def add(self, metafunc: Any, own: Dict[str, Any]) -> None:
        """One item for each pending run, told in the harness's own way where it has one."""
        if not self.pending or own["replaced"]:
            return
        if any(REPEAT_PARAM in call.params for call in getattr(metafunc, "_calls", ())):
            return
        asked = REPEAT_PARAM in metafunc.fixturenames or own["marked"] is not None
        if has_repeat(metafunc.config) and (self.count > 1 or asked):
            if REPEAT_PARAM not in metafunc.fixturenames:
                metafunc.fixturenames.append(REPEAT_PARAM)
            metafunc.parametrize(REPEAT_PARAM, [run - 1 for run in self.pending], indirect=True,
                                 ids=[f"{run}-{self.count}" for run in self.pending],
                                 scope=metafunc.config.option.repeat_scope)
            return
        # function scope: pytest reorders by, and tears down for, wider parameters only
        metafunc.fixturenames.append(RUN_PARAM)
        metafunc.parametrize(RUN_PARAM, self.pending, indirect=True, scope="function",
                             ids=[f"run{run}" for run in self.pending])

    def source_in(self, argnames: Any, argvalues: List[Any]) -> Optional[str]:
        """The parameter that counts, where these values are its own and no other's."""
        names = argnames.split(",") if isinstance(argnames, str) else list(argnames)
        name = names[0].strip() if len(names) == 1 else ""
        if not name or not (name == self.source or (self.source == "auto" and is_run_word(name))):
            return None
        values = [plain_value(value) for value in argvalues]
        return name if counts(values) else None

    def param_of(self, item: Any) -> Optional[str]:
        """The parameter of this item that is its run."""
        params = getattr(getattr(item, "callspec", None), "params", {})
        for name in params:
            if f"{item.nodeid.split('[')[0]} {name}" in self.bases:
                return name
        return None

    def run_of(self, item: Any) -> Optional[int]:
        """From 1, however the harness counts."""
        params = getattr(getattr(item, "callspec", None), "params", {})
        name = self.param_of(item)
        if name is not None:
            return params[name] - self.bases[f"{item.nodeid.split('[')[0]} {name}"] + 1
        return params[REPEAT_PARAM] + 1 if REPEAT_PARAM in params else params.get(RUN_PARAM)


def counts(values: List[Any]) -> bool:
    """Whole numbers one after the other, from 0 or 1."""
    if not values or not all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        return False
    return min(values) in (0, 1) and sorted(values) == list(range(min(values), min(values) + len(values)))


def plain_value(value: Any) -> Any:
    """Of pytest.param(...) what it holds."""
    held = getattr(value, "values", None)
    return held[0] if isinstance(held, tuple) and len(held) == 1 else value


def is_run_word(name: str) -> bool:
    words = [word for word in re.split(r"[^A-Za-z]+", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)) if word]
    return bool(words) and re.sub(r"(?<=[^s])s$", "", words[0].lower()) in RUN_WORDS


def has_repeat(config: Any) -> bool:
    """pytest-repeat, under whatever name it was registered."""
    return hasattr(config.option, "repeat_scope") and any(
        getattr(plugin, "__name__", "") == "pytest_repeat" for _, plugin in config.pluginmanager.list_name_plugin())
