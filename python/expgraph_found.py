"""What collecting has loaded of the harness: its own modules, the clients of models among its imports."""
from __future__ import annotations

import os
import re
import sys
from typing import Any, Dict, Iterable, Iterator, List, Set

from expgraph_values import clean

MAX_FILES, MAX_BYTES = 2_000, 1_000_000
SKIPPED = re.compile(r"(?:^|/)(?:site-packages|dist-packages|node_modules|__pycache__)(?:/|$)")
NAME = r"""["']([A-Za-z_][A-Za-z0-9_]*)["']"""
ENVIRON = re.compile(r"(?:\benviron\s*(?:\[|\.\s*(?:get|pop|setdefault)\s*\()|\bgetenv\s*\()\s*" + NAME)
IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)


def modules_line(*roots: str) -> Dict[str, Any]:
    """Names only: which variables the code reads, and which packages it imports by name."""
    names: Set[str] = set()
    packages: Set[str] = set()
    for file in own_files(roots):
        text = source_of(file)
        names.update(ENVIRON.findall(text))
        packages.update(found.split(".")[0] for found in IMPORTED.findall(text))
    return {"type": "modules", "environ": sorted(map(clean, names)), "imports": sorted(map(clean, packages))}


def own_files(roots: Iterable[str]) -> Iterator[str]:
    """Files of modules below the folders that are nobody's installed package."""
    tops = tuple(os.path.join(os.path.realpath(root), "") for root in roots)
    seen: List[str] = []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py") or len(seen) >= MAX_FILES:
            continue
        path = os.path.realpath(file)
        if not path.startswith(tops) or SKIPPED.search(path.replace(os.sep, "/")):
            continue
        seen.append(path)
        yield path


def source_of(file: str) -> str:
    """Empty where it cannot be read: nothing depends on it but a proposal."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            return opened.read(MAX_BYTES)
    except OSError:
        return ""
