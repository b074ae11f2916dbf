"""What of a project's Python counts for which variant of its tests: definitions that a variant reaches, by name.

Reads trees only (`ast`), and runs nothing. Whatever cannot be told apart counts for all variants: a name that leads to
several modules leads to all of them, a module that is handed on as a value is reached whole, a name that is put
together while the code runs may be any. expgraph_trees.py digests what is reached.
"""
import ast
import re

from expgraph_docs import Docs, files_read, only_labels, uses_settings
from expgraph_files import Files
from expgraph_scopes import arguments
from expgraph_trees import FUNCTIONS, Module, Space, constant, digest, dotted, dump, parse, place_text
from expgraph_variants import Variants
from expgraph_walk import Walk

REGISTERS = re.compile(r"regist|atexit|hook|listen|subscribe|on_|plugin", re.I)


class Node:
    """A unit of code: its digest, and what it leads to. `edges`: (key, variants or None = all, is_call, is_hole)."""

    def __init__(self, key, text=None, source=None):
        self.key, self.text, self.source, self.edges = key, text, source, []


class Reach(Variants):
    def __init__(self, question):
        self.names = frozenset(question["variants"])
        self.kind, self.param = question["source"]["kind"], question["source"]["name"]
        self.seen = question.get("seen", [])  # executed by a variant that does not lead there by name
        self.modules, self.unread = [], []
        for one in question["files"]:
            tree = parse(one["bytes"])
            if tree is None:
                self.unread.append(one["path"])
            else:
                self.modules.append(Module(one["path"], tree, one["bytes"], one.get("start", False)))
        self.by_suffix = {}
        for module in self.modules:
            for n in range(len(module.words)):
                self.by_suffix.setdefault(tuple(module.words[n:]), []).append(module)
        self.nodes = {}
        self.by_path = {module.path: module for module in self.modules}
        self.skipped, self.why = set(), []
        self.hole_texts = {}
        self.docs, self.files = Docs(self.modules), Files(self)
        self.own_names = {one.name for module in self.modules for one in ast.walk(module.tree)
                          if isinstance(one, FUNCTIONS + (ast.ClassDef,))}
        self.containers = {}
        for module in self.modules:
            module.bind(self)
        for module in self.modules:
            for unit in module.units.values():
                self.contain(unit)
        self.fixtures = {unit.name for module in self.modules for unit in module.units.values() if unit.is_fixture()}
        self.infer()
        self.build()

    # ---- names ----

    def find(self, words):
        return self.by_suffix.get(tuple(words), [])

    def spaces(self, words):
        """The folder of that name, where modules lie in it and no __init__.py."""
        below = [module for module in self.modules if holds(module.words[:-1], words)]
        if not below or self.find(words):
            return []
        space = Space(self, list(words), below)
        if "all " + space.path not in self.nodes:
            node = self.node("all " + space.path)
            node.edges.extend(("all " + module.path, None, False, False) for module in below)
        return [space]

    def told(self, unit, why):
        if len(self.why) < 50:
            self.why.append({"unit": unit.key, "why": why})

    # ---- the graph ----

    def node(self, key, text=None, source=None):
        if key not in self.nodes:
            self.nodes[key] = Node(key, text, source)
        return self.nodes[key]

    def build(self):
        self.node("wild").edges.extend(("all " + module.path, None, False, False) for module in self.modules)
        for module in self.modules:
            at = self.node("mod " + module.path)
            for package in module.packages(self):
                at.edges.append(("mod " + package.path, None, False, False))
            everything = self.node("all " + module.path)
            everything.edges.append(("mod " + module.path, None, False, False))
            for unit in module.units.values():
                everything.edges.append((unit.key, None, False, False))
                everything.edges.append((unit.key + "[*]", None, False, False))
            for target in module.star_modules:
                at.edges.append(("mod " + target.path, None, False, False))
                if "__all__" in target.units:
                    at.edges.append((target.units["__all__"].key, None, False, False))
            for target in module.imported:
                at.edges.append(("mod " + target.path, None, False, False))
            for unit in module.units.values():
                node = self.node(unit.key)
                walk = Walk(self, unit, node)
                walk.run()
                entries = self.containers.get(unit.key)
                if entries is not None:
                    walk.entries(entries)
                if unit.kind == "effects":
                    at.edges.append((unit.key, None, False, False))
                if module.future:
                    node.edges.append((self.pseudo(module, module.future), None, False, False))
        self.register()
        for module in self.modules:
            for unit in module.units.values():
                node = self.nodes[unit.key]
                node.text = "\n".join(dump(one, self.skipped, self.docs.keeps(unit)) for one in unit.nodes)
                node.source = "\n".join(place_text(module, one) for one in unit.nodes)

    def pseudo(self, module, text):
        key = "%s:%s" % (module.path, text)
        self.node(key, text, text)
        return key

    def register(self):
        """What a decorator, or a base class, of the project puts into a registry is reached by whoever reads the registry."""
        for module in self.modules:
            for unit in module.units.values():
                for node in unit.nodes:
                    for decorator in getattr(node, "decorator_list", []):
                        self.registered(module, unit, decorator)
                    if isinstance(node, ast.ClassDef):
                        self.inherits(module, unit, node)

    def inherits(self, module, unit, node):
        """A base class may keep a list of its own: `__init_subclass__`, a metaclass."""
        waiting, seen = [(module, base) for base in node.bases], set()
        if any(one.arg for one in node.keywords):
            self.nodes["mod " + module.path].edges.append((unit.key, None, False, False))
        while waiting:
            at, base = waiting.pop()
            for kind, target in self.lookup(at, base):
                if kind != "unit" or target.key in seen:
                    continue
                seen.add(target.key)
                for one in target.nodes:
                    names = {inner.name for inner in ast.walk(one) if isinstance(inner, FUNCTIONS)}
                    if "__init_subclass__" in names or getattr(one, "keywords", []):
                        self.nodes[target.key].edges.append((unit.key, None, False, False))
                        self.nodes["mod " + module.path].edges.append((unit.key, None, False, False))
                    waiting.extend((target.module, more) for more in getattr(one, "bases", []))

    def registered(self, module, unit, decorator):
        call = decorator if isinstance(decorator, ast.Call) else None
        function = call.func if call else decorator
        base = function
        while isinstance(base, ast.Attribute) and not self.lookup(module, base):
            base = base.value
        targets = self.lookup(module, base)
        for kind, target in targets:
            if kind != "unit":
                continue
            if target.kind != "def":
                self.nodes[target.key].edges.append((unit.key, None, False, False))  # @agent.tool
                continue
            first = constant(call.args[0]) if call and call.args else None
            for written in self.written_by(target):
                guard = None
                if first in self.names and self.containers.get(written) is not None:
                    guard = frozenset([first])
                    if self.is_keyed_store(target):
                        self.node(written + "[]").edges.append((unit.key, guard, False, False))
                        self.node(written + "[*]").edges.append((unit.key, None, False, False))
                        continue
                self.nodes[written].edges.append((unit.key, None, False, False))
        known = any(kind == "unit" for kind, _ in targets)
        if not known and REGISTERS.search(dotted(function) or "register"):
            self.nodes["mod " + module.path].edges.append((unit.key, None, False, False))

    def written_by(self, unit, seen=None):
        seen = set() if seen is None else seen
        if unit.key in seen or len(seen) > 50:
            return set()
        seen.add(unit.key)
        found = set(unit.writes)
        for key, _, _, _ in self.nodes[unit.key].edges:
            other = self.unit(key)
            if other is not None and other.kind == "def":
                found |= self.written_by(other, seen)
        return found

    def is_keyed_store(self, unit):
        """`REGISTRY[name] = function` with the first parameter, and no other write."""
        function = unit.nodes[0]
        names = [one.arg for one in arguments(function)]
        return bool(names) and unit.stores == [names[0]]

    def unit(self, key):
        path, _, name = key.partition(":")
        module = self.by_path.get(path)
        return module.units.get(name) if module else None

    # ---- what is reached ----

    def roots(self):
        for key in self.seen:
            if self.unit(key) is not None:
                yield key
                yield key + "[*]"
        used = self.docs.loaded | self.docs.called
        for module in self.modules:
            if module.start:
                yield "mod " + module.path
            for unit in module.units.values():
                is_found = unit.kind in ("def", "class") and (
                    unit.name.lower().startswith("test") or unit.name.startswith("pytest_") or unit.is_fixture())
                is_loose = module.start and (unit.name not in used or unit.name.startswith("pytest")
                                             or module.words[-1:] == ["conftest"])
                if is_found or (is_loose and unit.name != "__doc__"):
                    yield unit.key
                    yield unit.key + "[*]"

    def reached(self, variant):
        """(keys that count, keys that only make the values of parameters)."""
        main, holes, waiting = set(), set(), [(key, False) for key in self.roots()]
        while waiting:
            key, is_hole = waiting.pop()
            if key in main or (is_hole and key in holes):
                continue
            (holes if is_hole else main).add(key)
            for target, guard, is_call, from_hole in self.nodes[key].edges if key in self.nodes else ():
                if variant is None or guard is None or variant in guard:
                    waiting.append((target, (is_hole or from_hole) and self.makes_values(target, is_call)))
        return main, holes - main

    def makes_values(self, key, is_call):
        """What is called, or read, on the way to a value; a class, and a function that is handed on, lives in the value."""
        unit = self.unit(key)
        if unit is None:
            return not key.startswith(("mod ", "all ", "wild"))
        if unit.carries_marks:
            return False
        return unit.kind == "assign" or (unit.kind == "def" and is_call and not unit.writes)

    def answer(self):
        if self.unread:
            return {"unread": self.unread}
        found = {variant: self.reached(variant) for variant in sorted(self.names)}
        everyone = self.reached(None)[0] | self.reached(None)[1]
        never = [module.path for module in self.modules if "mod " + module.path not in everyone]
        counts, holes, sources = {}, {}, {}
        for variant, (main, hole) in found.items():
            counts[variant] = self.digests(main, sources)
            for path in never:  # named in a text, or swept in: of any use
                counts[variant][path] = digest(self.by_path[path].whole())
            holes.update(self.digests(hole - main, sources))
        for key in sorted(self.hole_texts):
            holes[key] = digest(self.hole_texts[key])
        made = {key for _, hole in found.values() for key in hole} - {key for main, _ in found.values() for key in main}
        units = sorted(unit.key for module in self.modules for unit in module.units.values() if unit.kind != "assign")
        return {"units": units, **files_read(self.modules, made, self.skipped, self.files), "counts": counts, "holes": holes, "sources": sources, "usesSettings": uses_settings(self.modules),
                "labels": only_labels(self.modules, self.param), "why": self.why}

    def digests(self, keys, sources):
        found = {}
        for key in sorted(keys):
            node = self.nodes.get(key)
            if node is not None and node.text is not None:
                found[key] = digest(node.text)
                sources[found[key]] = (node.source or "")[:20000]
        return found


def holds(words, part):
    return any(words[n:n + len(part)] == list(part) for n in range(len(words)))


def analyse(question):
    return Reach(question).answer()
