"""What of a project's Python counts for which variant of its tests: definitions that a variant reaches, by name.

Reads trees only (`ast`), and runs nothing. Whatever cannot be told apart counts for all variants: a name that leads to
several modules leads to all of them, a module that is handed on as a value is reached whole, a name that is put
together while the code runs may be any. expgraph_trees.py digests what is reached.
"""
import ast
import re

from expgraph_trees import (FUNCTIONS, Docs, Module, called_name, constant, digest, dotted, dump, is_doc, only_labels,
                            parameter_names, parse, place_text, uses_settings)

MUTATORS = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "remove", "clear", "register", "__setitem__",
            "appendleft", "popitem", "discard", "sort", "reverse"}
WILD_CALLS = {"eval", "exec", "__import__", "__subclasses__", "resolve_name", "getmembers", "iter_modules",
              "walk_packages", "run_path", "run_module", "spec_from_file_location", "SourceFileLoader",
              "module_from_spec", "get_objects", "import_string", "import_module", "importorskip"}
KEY_NAMES = ("name", "id", "key", "slug", "variant", "variant_name")
REGISTERS = re.compile(r"regist|atexit|hook|listen|subscribe|on_|plugin", re.I)
PURE = {"list", "sorted", "len", "set", "tuple", "frozenset", "iter"}


class Node:
    """A unit of code: its digest, and what it leads to. `edges`: (key, variants or None = all, is_call, is_hole)."""

    def __init__(self, key, text=None, source=None):
        self.key, self.text, self.source, self.edges = key, text, source, []


class Container:
    """A registry by the names of variants: what stands under each, and where the rest of the code reads it."""

    def __init__(self, kind, entries):
        self.kind, self.entries = kind, entries  # key -> expressions


class Reach:
    def __init__(self, question):
        self.names = frozenset(question["variants"])
        self.kind, self.param = question["source"]["kind"], question["source"]["name"]
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
        self.by_path = {module.path: module for module in self.modules}
        self.nodes, self.skipped, self.why = {}, set(), []
        self.hole_texts = {}
        self.docs = Docs(self.modules)
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

    def told(self, unit, why):
        if len(self.why) < 50:
            self.why.append({"unit": unit.key, "why": why})

    # ---- registries ----

    def key_of(self, module, node):
        """The variant that an object is of: name="applike", or the first text that it is made with."""
        if isinstance(node, ast.Name):
            for target in module.resolve(node.id):
                if target[0] == "unit" and target[1].kind == "assign" and len(target[1].values) == 1:
                    return self.key_of(target[1].module, target[1].values[0])
            return None
        if isinstance(node, ast.Attribute):
            for target in self.lookup(module, node):
                if target[0] == "unit" and target[1].kind == "assign" and len(target[1].values) == 1:
                    return self.key_of(target[1].module, target[1].values[0])
            return None
        if not isinstance(node, ast.Call):
            return None
        if called_name(node) == "param":
            return next((constant(one.value) for one in node.keywords if one.arg == "id"), None) or (
                self.key_of(module, node.args[0]) if len(node.args) == 1 else None)
        for name in KEY_NAMES:
            for one in node.keywords:
                if one.arg == name and isinstance(constant(one.value), str):
                    return constant(one.value)
        return constant(node.args[0]) if node.args and isinstance(constant(node.args[0]), str) else None

    def contain(self, unit):
        if unit.kind != "assign" or len(unit.values) != 1 or len(unit.names) != 1:
            return
        found = self.container_of(unit.module, unit.values[0])
        if found is not None:
            self.containers[unit.key] = found

    def container_of(self, module, value):
        if isinstance(value, ast.Dict):
            keys = [None if key is None else constant(key) for key in value.keys]
            if all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys):
                if not keys or self.names & set(keys):
                    return Container("dict", dict(zip(keys, value.values)))
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict" and not value.args:
            if all(one.arg for one in value.keywords):
                entries = {one.arg: one.value for one in value.keywords}
                if not entries or self.names & set(entries):
                    return Container("dict", entries)
        if isinstance(value, (ast.List, ast.Tuple)) and value.elts:
            keys = [self.key_of(module, one) for one in value.elts]
            if all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys) and self.names & set(keys):
                return Container("list", dict(zip(keys, value.elts)))
        return None

    def container(self, module, node, scope):
        """(unit, container) that an expression names."""
        for target in self.lookup(module, node, scope):
            if target[0] == "unit" and target[1].key in self.containers:
                return target[1], self.containers[target[1].key]
        return None

    def lookup(self, module, node, scope=None):
        """What a name, or a name of a module, leads to."""
        if isinstance(node, ast.Name):
            bound = scope.get(node.id) if scope is not None else None
            if bound == "local":
                return []
            return module.follow(bound) if bound else module.resolve(node.id)
        if isinstance(node, ast.Attribute):
            found = []
            for kind, target in self.lookup(module, node.value, scope):
                if kind == "module":
                    found.extend(target.attribute(node.attr))
            return found
        return []

    # ---- which parameters are the variant's name ----

    def infer(self):
        """Optimistic: a parameter is the variant's name where every call hands it the variant's name."""
        self.told_names = set()
        self.is_text = self.kind == "param" and self.is_text_param()
        fixed = set()
        candidates = {}
        for module in self.modules:
            for unit in module.units.values():
                for node in unit.nodes:
                    for function in functions_of(node):
                        if unit.is_entry(function) and self.is_text:
                            fixed.add((id(function), self.param))
                    if isinstance(node, FUNCTIONS) and not unit.is_entry(node) and len(unit.nodes) == 1:
                        for one in arguments(node):
                            candidates.setdefault(unit.key, node)
                            self.told_names.add((id(node), one.arg))
        self.told_names |= fixed
        calls, values = [], set()
        for module in self.modules:
            for unit in module.units.values():
                for node in unit.nodes:
                    Calls(self, unit, node, calls, values)
        for key in values:
            if key in candidates:
                self.told_names -= {(id(candidates[key]), one.arg) for one in arguments(candidates[key])}
        called = {key for key, _, _ in calls}
        for key, node in candidates.items():
            if key not in called:
                self.told_names -= {(id(node), one.arg) for one in arguments(node)}
        while True:
            lost = set()
            for key, call, at in calls:
                if key not in candidates:
                    continue
                node = candidates[key]
                given = bound_arguments(node, call)
                for one in arguments(node):
                    if (id(node), one.arg) in self.told_names and not (
                            one.arg in given and self.is_variant(given[one.arg], at)):
                        lost.add((id(node), one.arg))
            if not lost:
                return
            self.told_names -= lost

    def is_text_param(self):
        """Whether the variant's parameter is its name, and not an object of that name."""
        from expgraph_walk import is_texts, keys_of
        found = []
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call) and called_name(node) == "parametrize":
                    names = parameter_names(node)
                    if names is None:
                        return False
                    if self.param in names:
                        values = node.args[1] if len(node.args) > 1 else next(
                            (one.value for one in node.keywords if one.arg == "argvalues"), None)
                        found.append(len(names) == 1 and (is_texts(values) or keys_of(self, module, values)))
            for unit in module.units.values():
                if unit.name == self.param and unit.is_fixture():
                    found.append(len(unit.nodes) == 1 and self.gives_param(module, unit.nodes[0]))
                elif unit.kind == "class" and any(isinstance(one, FUNCTIONS) and one.name == self.param
                                                  for node in unit.nodes for one in ast.walk(node)):
                    return False
        return bool(found) and all(found)

    def gives_param(self, module, function):
        """`@pytest.fixture(params=["a", "b"]) def variant(request): return request.param`."""
        from expgraph_walk import is_texts, keys_of
        body = [one for one in function.body if not is_doc(one)]
        values = [one.value for decorator in function.decorator_list if isinstance(decorator, ast.Call)
                  for one in decorator.keywords if one.arg == "params"]
        if any(isinstance(one, ast.Call) and any(two.arg == "name" for two in one.keywords) for one in function.decorator_list):
            return False
        return (len(body) == 1 and isinstance(body[0], ast.Return) and dotted(body[0].value) == "request.param"
                and all(is_texts(one) or keys_of(self, module, one) for one in values))

    def is_variant(self, node, at):
        """Whether an expression is the name of the item's variant. `at`: where it stands."""
        if isinstance(node, ast.Name):
            if at.function is None or at.scope.get(node.id) != "local":
                return False
            return (id(at.function), node.id) in self.told_names and at.function_binds(node.id) == 1
        if isinstance(node, ast.Call):
            name = called_name(node)
            if name == "str" and len(node.args) == 1:
                return self.is_variant(node.args[0], at)
            if self.is_text and name == "getfixturevalue":
                return len(node.args) == 1 and constant(node.args[0]) == self.param
            if self.kind == "env" and name in ("getenv", "get") and node.args:
                return constant(node.args[0]) == self.param and dotted(node.func) in ("os.getenv", "os.environ.get", "getenv")
        if isinstance(node, ast.Subscript):
            key = constant(node.slice)
            if self.kind == "env":
                return dotted(node.value) == "os.environ" and key == self.param
            return (self.is_text and key == self.param
                    and isinstance(node.value, ast.Attribute) and node.value.attr == "params")
        return False

    def condition(self, node, at):
        """(variants for which it may be true, for which it may be false), or None."""
        if isinstance(node, ast.BoolOp):
            parts = [self.condition(one, at) or (self.names, self.names) for one in node.values]
            trues, falses = [one[0] for one in parts], [one[1] for one in parts]
            if isinstance(node.op, ast.And):
                return frozenset.intersection(*trues), frozenset.union(*falses)
            return frozenset.union(*trues), frozenset.intersection(*falses)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            found = self.condition(node.operand, at)
            return found and (found[1], found[0])
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        left, right, op = node.left, node.comparators[0], node.ops[0]
        if self.is_variant(right, at) and isinstance(op, (ast.Eq, ast.NotEq)):
            left, right = right, left
        if not self.is_variant(left, at):
            return None
        values = None
        if isinstance(op, (ast.Eq, ast.NotEq)) and isinstance(constant(right), str):
            values = {constant(right)}
        elif isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
            values = {constant(one) for one in right.elts}
            values = values if all(isinstance(one, str) for one in values) else None
        if values is None:
            return None
        yes, no = self.names & values, self.names - values
        return (yes, no) if isinstance(op, (ast.Eq, ast.In)) else (no, yes)

    # ---- the graph ----

    def node(self, key, text=None, source=None):
        if key not in self.nodes:
            self.nodes[key] = Node(key, text, source)
        return self.nodes[key]

    def build(self):
        from expgraph_walk import Walk
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
        return {"counts": counts, "holes": holes, "sources": sources, "usesSettings": uses_settings(self.modules),
                "labels": only_labels(self.modules, self.param), "why": self.why}

    def digests(self, keys, sources):
        found = {}
        for key in sorted(keys):
            node = self.nodes.get(key)
            if node is not None and node.text is not None:
                found[key] = digest(node.text)
                sources[found[key]] = (node.source or "")[:20000]
        return found


def functions_of(node):
    """A function, or the methods of a class."""
    if isinstance(node, FUNCTIONS):
        return [node]
    return [one for one in getattr(node, "body", []) if isinstance(one, FUNCTIONS)] if isinstance(node, ast.ClassDef) else []


def arguments(node):
    more = getattr(node.args, "posonlyargs", [])
    return [*more, *node.args.args, *node.args.kwonlyargs]


def bound_arguments(node, call):
    """By name; nothing where an argument may be anything."""
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return {}
    names = [one.arg for one in [*getattr(node.args, "posonlyargs", []), *node.args.args]]
    given = dict(zip(names, call.args))
    given.update((one.arg, one.value) for one in call.keywords)
    return given


class At:
    """Where an expression stands: names of its scopes, and the function that pytest or another function calls."""

    def __init__(self, scope, function):
        self.scope, self.function, self.bound = scope, function, {}

    def function_binds(self, name):
        """How often a name is bound anywhere in the function: only once, and nothing else can be meant."""
        if name not in self.bound:
            count = 0
            for node in ast.walk(self.function):
                if isinstance(node, ast.arg) and node.arg == name:
                    count += 1
                elif isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
                    count += 1
                elif isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
                    count += 2
                elif isinstance(node, ast.alias) and (node.asname or node.name).split(".")[0] == name:
                    count += 2
                elif isinstance(node, ast.ExceptHandler) and node.name == name:
                    count += 2
                elif type(node).__name__ in ("MatchAs", "MatchStar") and node.name == name:
                    count += 2
                elif isinstance(node, (ast.ClassDef,) + FUNCTIONS) and node.name == name:
                    count += 2
            self.bound[name] = count
        return self.bound[name]


class Calls:
    """Every call of a function of the project, and every use of one that is no call."""

    def __init__(self, reach, unit, node, calls, values):
        from expgraph_walk import scopes
        self.reach, self.unit = reach, unit
        for one, scope, function in scopes(unit, node):
            at = At(scope, function)
            if isinstance(one, ast.Call):
                for kind, target in reach.lookup(unit.module, one.func, scope):
                    if kind == "unit":
                        calls.append((target.key, one, at))
                one.func._is_callee = True
            elif isinstance(one, (ast.Name, ast.Attribute)) and isinstance(one.ctx, ast.Load):
                if not getattr(one, "_is_callee", False):
                    for kind, target in reach.lookup(unit.module, one, scope):
                        if kind == "unit":
                            values.add(target.key)
                        elif kind == "module" and not getattr(one, "_is_base", False):
                            values.update(other.key for other in target.units.values())
                if isinstance(one, ast.Attribute):
                    one.value._is_base = True


def analyse(question):
    return Reach(question).answer()
