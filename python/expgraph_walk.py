"""What one definition leads to, and under which variants: the walk through its tree."""
import ast
import re

from expgraph_reach import KEY_NAMES, MUTATORS, PURE, WILD_CALLS, At, functions_of
from expgraph_trees import FUNCTIONS, called_name, constant, dotted, dump, parameter_names

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+([:.]\w+)*$")


def scope_of(module, node, outer):
    """Names that a function, a lambda or a comprehension binds; imports within it lead where they lead."""
    names = dict(outer)
    if isinstance(node, COMPREHENSIONS):
        for one in node.generators:
            names.update((name.id, "local") for name in ast.walk(one.target) if isinstance(name, ast.Name))
        return names
    imports, bound, globals_ = {}, set(), set()
    for one in ast.walk(node.args):
        if isinstance(one, ast.arg):
            bound.add(one.arg)
    waiting = list(node.body) if isinstance(node.body, list) else [node.body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            bound.add(one.id)
        elif isinstance(one, (ast.Global, ast.Nonlocal)):
            globals_.update(one.names)
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            module.bind_import(one, imports, is_typing=True)
        elif isinstance(one, ast.ExceptHandler) and one.name:
            bound.add(one.name)
        elif type(one).__name__ in ("MatchAs", "MatchStar") and one.name:
            bound.add(one.name)
        if isinstance(one, FUNCTIONS + (ast.ClassDef,)):
            bound.add(one.name)
            waiting.extend(one.decorator_list)
        elif not isinstance(one, (ast.Lambda,) + COMPREHENSIONS):
            waiting.extend(ast.iter_child_nodes(one))
        elif isinstance(one, COMPREHENSIONS):
            waiting.extend(named for named in ast.walk(one) if type(named).__name__ == "NamedExpr")
    for name in bound - globals_ - set(imports):
        names[name] = "local"
    for name in globals_:
        names.pop(name, None)
    names.update(imports)
    names.pop("*", None)
    return names


def scopes(unit, top):
    """(node, scope, the outermost function or method) for every node of a definition; callees before what they name."""
    waiting = [(top, {}, None)]
    while waiting:
        node, scope, function = waiting.pop(0)
        yield node, scope, function
        inner, owner = scope, function
        if isinstance(node, FUNCTIONS + (ast.Lambda,) + COMPREHENSIONS):
            inner = scope_of(unit.module, node, scope)
            if isinstance(node, FUNCTIONS) and function is None:
                owner = node
        outside = outside_of(node)
        waiting.extend((one, scope if id(one) in outside else inner, owner) for one in ast.iter_child_nodes(node))


def outside_of(node):
    """Decorators, defaults and annotations are read where the function stands."""
    if isinstance(node, FUNCTIONS):
        return {id(one) for one in node.decorator_list} | ({id(node.returns)} if node.returns else set())
    return set()


class Walk:
    def __init__(self, reach, unit, node):
        self.reach, self.unit, self.node, self.module = reach, unit, node, unit.module
        self.guard, self.hole, self.scope, self.function, self.at = None, False, {}, None, At({}, None)

    def run(self):
        entries = self.reach.containers.get(self.unit.key)
        held = {id(one) for one in entries.entries.values()} if entries else set()
        self.held = held
        for node in self.unit.nodes:
            self.visit(node)

    def edge(self, key, is_call=False, guard="own"):
        self.node.edges.append((key, self.guard if guard == "own" else guard, is_call, self.hole))

    def entries(self, container):
        """Each entry is a unit of its own."""
        base, key_of = self.unit.key, self.entry_key
        kept, self.held = self.node, set()
        for key, value in container.entries.items():
            entry = self.reach.node(key_of(base, key), dump(value, (), self.reach.docs.keeps(self.unit)),
                                    source_of(self.module, value))
            self.node, self.guard, self.hole = entry, None, False
            self.visit(value)
            guard = frozenset([key]) & self.reach.names
            self.reach.node(base + "[]").edges.append((entry.key, guard, False, False))
            self.reach.node(base + "[*]").edges.append((entry.key, None, False, False))
        self.node = kept
        self.reach.skipped.update(id(value) for value in container.entries.values())
        if isinstance(self.unit.values[0], ast.Dict):
            self.reach.skipped.update(id(one) for one in self.unit.values[0].keys)
        else:
            self.reach.skipped.update(id(one) for one in getattr(self.unit.values[0], "keywords", []))

    @staticmethod
    def entry_key(base, key):
        return "%s[%r]" % (base, key)

    # ---- the walk ----

    def visit(self, node):
        if node is None:
            return
        if isinstance(node, list):
            self.block(node)
            return
        if id(node) in self.held:
            return
        method = getattr(self, "visit_" + type(node).__name__, None)
        if method is None or method(node) is False:
            for one in ast.iter_child_nodes(node):
                self.visit(one)

    def block(self, statements):
        """After `if variant == "a": return`, the rest is for the others."""
        kept = self.guard
        for node in statements:
            self.visit(node)
            if isinstance(node, ast.If):
                found = self.reach.condition(node.test, self.at)
                if found and ends(node.body) and not ends(node.orelse):
                    self.narrow(found[1])
                elif found and node.orelse and ends(node.orelse) and not ends(node.body):
                    self.narrow(found[0])
        self.guard = kept

    def narrow(self, names):
        self.guard = frozenset(names) if self.guard is None else self.guard & names

    def under(self, names, nodes):
        kept = self.guard
        if names is not None:
            self.narrow(names)
        self.visit(nodes)
        self.guard = kept

    def visit_If(self, node):
        self.visit(node.test)
        found = self.reach.condition(node.test, self.at) or (None, None)
        self.under(found[0], node.body)
        self.under(found[1], node.orelse)

    def visit_IfExp(self, node):
        self.visit(node.test)
        found = self.reach.condition(node.test, self.at) or (None, None)
        self.under(found[0], node.body)
        self.under(found[1], node.orelse)

    def visit_Match(self, node):
        self.visit(node.subject)
        is_told = self.reach.is_variant(node.subject, self.at)
        left = self.reach.names
        for case in node.cases:
            self.visit(case.pattern)
            self.visit(case.guard)
            names = pattern_names(case.pattern)
            if is_told:
                self.under(left if names is None else left & names, case.body)
                if names is not None and case.guard is None:
                    left = left - names
            else:
                self.visit(case.body)

    def visit_FunctionDef(self, node):
        for one in node.decorator_list:
            self.visit(one)
        self.visit(node.returns)
        kept = self.scope, self.function, self.at, self.guard
        for one in [*node.args.defaults, *node.args.kw_defaults]:
            self.visit(one)
        for one in ast.walk(node.args):
            if isinstance(one, ast.arg):
                self.visit(one.annotation)
        self.scope = scope_of(self.module, node, self.scope)
        self.function = self.function or node
        self.at = At(self.scope, self.function)
        self.visit(node.body)
        self.scope, self.function, self.at, self.guard = kept

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        for one in [*node.decorator_list, *node.bases, *node.keywords, *node.body]:
            self.visit(one)

    def scoped(self, node):
        kept = self.scope, self.at
        self.scope = scope_of(self.module, node, self.scope)
        self.at = At(self.scope, self.function)
        for one in ast.iter_child_nodes(node):
            self.visit(one)
        self.scope, self.at = kept

    def visit_Lambda(self, node):
        self.scoped(node)

    def visit_ListComp(self, node):
        """`[one for one in VARIANTS if one.name == variant]` reads one; `[one.name for one in VARIANTS]` reads names."""
        first = node.generators[0]
        found = self.reach.container(self.module, first.iter, self.scope)
        if found is None or not isinstance(first.target, ast.Name):
            return self.scoped(node)
        unit, container = found
        kept = self.scope, self.at
        self.scope = scope_of(self.module, node, self.scope)
        self.at = At(self.scope, self.function)
        how = "whole"
        if container.kind == "dict" or only_key(node, first.target.id):
            how = "keys"
        elif any(self.selects(test, first.target.id) for test in first.ifs):
            how = "own"
        self.read(unit, how)
        for one in ast.iter_child_nodes(node):
            if one is not first:
                self.visit(one)
        for one in first.ifs:
            self.visit(one)
        self.scope, self.at = kept

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def selects(self, test, name):
        """`one.name == variant`."""
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
            return False
        sides = [test.left, test.comparators[0]]
        return any(is_key(one, name) and self.reach.is_variant(other, self.at) for one, other in (sides, sides[::-1]))

    def visit_For(self, node):
        found = self.reach.container(self.module, node.iter, self.scope)
        if found is None or not isinstance(node.target, ast.Name):
            return False
        unit, container = found
        is_own = (container.kind == "list" and len(node.body) == 1 and isinstance(node.body[0], ast.If)
                  and not node.body[0].orelse and self.selects(node.body[0].test, node.target.id))
        self.read(unit, "keys" if container.kind == "dict" else "own" if is_own else "whole")
        self.visit(node.body)
        self.visit(node.orelse)

    # ---- reads of registries ----

    def read(self, unit, how):
        """`own`: by the variant's name; `keys`: names only; `whole`: anything."""
        self.edge(unit.key)
        if how == "own":
            self.edge(unit.key + "[]")
        elif how == "whole":
            self.edge(unit.key + "[*]")
            if len(self.reach.containers[unit.key].entries) > 0 and not self.hole:
                self.reach.told(self.unit, "%s is read as a whole, not by the variant's name" % unit.key)

    def visit_Subscript(self, node):
        found = self.reach.container(self.module, node.value, self.scope)
        if found is None:
            if isinstance(node.value, ast.Attribute) and dotted(node.value) == "sys.modules":
                self.wild(node)
            return self.written(node)
        unit, container = found
        key = getattr(node.slice, "value", node.slice) if type(node.slice).__name__ == "Index" else node.slice
        self.visit(key)
        if not isinstance(node.ctx, ast.Load):
            self.unit.stores.append(getattr(key, "id", None))
            self.store(unit)
            self.edge(unit.key)
        elif self.reach.is_variant(key, self.at):
            self.read(unit, "own")
        elif constant(key) in container.entries and constant(key) is not None:
            self.edge(unit.key)
            self.edge(self.entry_key(unit.key, constant(key)))
        else:
            self.read(unit, "whole")

    def visit_Compare(self, node):
        for one in node.comparators:
            found = self.reach.container(self.module, one, self.scope)
            if found and found[1].kind == "dict" and all(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
                self.visit(node.left)
                self.read(found[0], "keys")
                return None
        return False

    def visit_Call(self, node):
        name = called_name(node)
        if isinstance(node.func, ast.Attribute):
            found = self.reach.container(self.module, node.func.value, self.scope)
            if found and found[1].kind == "dict" and name in ("get", "keys", "__contains__"):
                unit, container = found
                for one in [*node.args, *node.keywords]:
                    self.visit(one)
                if name != "get":
                    self.read(unit, "keys")
                elif node.args and self.reach.is_variant(node.args[0], self.at):
                    self.read(unit, "own")
                else:
                    self.read(unit, "whole")
                return None
        if name in PURE and isinstance(node.func, ast.Name) and len(node.args) == 1:
            found = self.reach.container(self.module, node.args[0], self.scope)
            if found and (found[1].kind == "dict" or name == "len"):
                for one in node.keywords:
                    self.visit(one)
                self.read(found[0], "keys")
                return None
        if name == "parametrize":
            return self.parametrize(node)
        if name == "fixture" and any(one.arg == "params" for one in node.keywords):
            return self.fixture(node)
        if name in WILD_CALLS and not self.known_module(node):
            self.wild(node)
        if name in ("globals", "vars", "locals", "dir") and not node.args and self.function is not None or name == "globals":
            self.edge("all " + self.module.path)
        if name in MUTATORS and isinstance(node.func, ast.Attribute):
            self.mutated(node.func.value)
        if name in ("setattr", "delattr", "setitem", "delitem") and node.args:
            self.mutated(node.args[0])
        for target in self.reach.lookup(self.module, node.func, self.scope):
            self.lead(target, True)
        if isinstance(node.func, ast.Attribute) and not self.reach.lookup(self.module, node.func, self.scope):
            self.visit(node.func)
        elif isinstance(node.func, ast.Attribute):
            self.base_texts(node.func)
        elif not isinstance(node.func, ast.Name):
            self.visit(node.func)
        for one in [*node.args, *node.keywords]:
            self.visit(one)
        return None

    def known_module(self, node):
        """`import_module("app.x")`, and `import_module(f"app.{variant}")`: what may be meant is known."""
        if called_name(node) not in ("import_module", "__import__", "importorskip") or not node.args:
            return False
        given = node.args[0]
        if isinstance(constant(given), str):
            name = constant(given)
            found = [] if name.startswith(".") else self.reach.find(name.split("."))
            for one in found:
                self.edge("all " + one.path)
            return not name.startswith(".")
        if not isinstance(given, ast.JoinedStr) or len(node.args) > 1 or node.keywords:
            return False
        parts, told = [], 0
        for one in given.values:
            if isinstance(one, ast.FormattedValue) and self.reach.is_variant(one.value, self.at) and one.format_spec is None:
                parts.append(None)
                told += 1
            elif isinstance(constant(one), str):
                parts.append(constant(one))
            else:
                return False
        if told == 0 or (parts[0] or "").startswith("."):
            return False
        for name in self.reach.names:
            for one in self.reach.find("".join(name if part is None else part for part in parts).split(".")):
                guard = frozenset([name]) if self.guard is None else self.guard & {name}
                self.edge("all " + one.path, guard=guard)
        return True

    def wild(self, node):
        self.edge("wild")
        self.reach.told(self.unit, "line %d: what is meant here is put together while it runs" % node.lineno)

    # ---- values of parameters ----

    def parametrize(self, node):
        names = parameter_names(node)
        values = node.args[1] if len(node.args) > 1 else next(
            (one.value for one in node.keywords if one.arg == "argvalues"), None)
        for one in node.keywords:
            if one.arg != "argvalues" and not (one.arg == "ids" and is_texts(one.value)):
                self.visit(one)
            elif one.arg == "ids":
                self.reach.skipped.add(id(one.value))
        if names is None or values is None:
            return False
        self.values(values, names == [self.reach.param] and self.reach.kind == "param")
        return None

    def fixture(self, node):
        function = next((one for one in self.unit.nodes if node in getattr(one, "decorator_list", [])), None)
        is_told = function is not None and function.name == self.reach.param and self.reach.kind == "param"
        for one in node.keywords:
            if one.arg == "params":
                self.values(one.value, is_told)
            else:
                self.visit(one)
        return None

    def values(self, node, is_variants):
        """pytest itself tells what the values are: where they come from counts only where something else reads it."""
        if any(isinstance(one, ast.keyword) and one.arg == "marks" for one in ast.walk(node)):
            self.visit(node)
            return
        found = self.reach.container(self.module, node, self.scope) if is_variants else None
        if found is not None:
            self.read(found[0], "own" if found[1].kind == "list" else "keys")
            return
        container = self.reach.container_of(self.module, node) if is_variants else None
        if container is not None and container.kind == "list":
            self.inline(node, container)
            return
        if is_variants and not (is_texts(node) or keys_of(self.reach, self.module, node)):
            self.visit(node)
            return
        self.reach.skipped.add(id(node))
        self.reach.hole_texts[self.unit.key + " (values)"] = "\n".join(
            [dump(node), self.reach.hole_texts.get(self.unit.key + " (values)", "")])
        kept, self.hole = self.hole, True
        self.visit(node)
        self.hole = kept

    def inline(self, node, container):
        kept = self.guard
        for key, value in container.entries.items():
            entry = self.reach.node("%s[%r]" % (self.unit.key, key), dump(value), source_of(self.module, value))
            guard = frozenset([key]) & self.reach.names
            self.edge(entry.key, guard=guard if kept is None else guard & kept)
            self.narrow(guard)
            self.visit(value)
            self.guard = kept
        self.reach.skipped.add(id(node))

    # ---- names ----

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            found = self.reach.container(self.module, node, self.scope)
            if found:
                self.read(found[0], "whole")
        elif self.function is not None and self.scope.get(node.id) is None:
            self.mutated(node)  # `global`
        self.name(node)

    def name(self, node):
        if self.scope.get(node.id) == "local":
            return
        for target in self.reach.lookup(self.module, node, self.scope):
            self.lead(target, False)

    def visit_Attribute(self, node):
        found = self.reach.lookup(self.module, node, self.scope)
        if not found:
            if isinstance(node.value, (ast.Name, ast.Attribute)):
                if dotted(node) == "sys.modules":
                    self.wild(node)
                base = self.reach.lookup(self.module, node.value, self.scope)
                modules = [target for kind, target in base if kind == "module"]
                if modules:  # of a module, a name that is not known: set by somebody, or a library's
                    self.base_texts(node)
                    for one in modules:
                        self.edge("mod " + one.path)
                        if "__getattr__" in one.units:
                            self.edge("all " + one.path)
                        if node.attr == "__dict__":
                            self.edge("all " + one.path)
                    return None
            return self.written(node)
        if not isinstance(node.ctx, ast.Load):
            self.mutated(node)
        container = self.reach.container(self.module, node, self.scope)
        if container:
            self.read(container[0], "whole")
        for target in found:
            self.lead(target, False)
        self.base_texts(node)
        return None

    def base_texts(self, node):
        """Of `module.name` the import of the module counts, not the module whole."""
        while isinstance(node, ast.Attribute):
            node = node.value
        for kind, target in self.reach.lookup(self.module, node, self.scope):
            if kind == "text":
                self.lead((kind, target), False)
            elif kind == "module":
                self.edge("mod " + target.path)

    def lead(self, target, is_call):
        kind, to = target
        if kind == "unit":
            self.edge(to.key, is_call)
            self.edge("mod " + to.module.path)
        elif kind == "module":
            self.edge("all " + to.path)
        else:
            self.edge(self.reach.pseudo(*to))

    def written(self, node):
        """An item or a field that is set of what stands at the top of a file."""
        if not isinstance(node.ctx, ast.Load):
            self.mutated(node.value)
        return False

    def mutated(self, node):
        while isinstance(node, (ast.Attribute, ast.Subscript)) and not self.reach.lookup(self.module, node, self.scope):
            node = node.value
        for kind, target in self.reach.lookup(self.module, node, self.scope):
            if kind == "unit":
                self.store(target)
            elif kind == "module":
                for unit in target.units.values():
                    self.store(unit)

    def store(self, target):
        """Whoever reads it depends on whoever writes it."""
        if target is self.unit:
            return
        self.unit.writes.add(target.key)
        self.reach.node(target.key).edges.append((self.unit.key, None, False, False))

    def visit_Global(self, node):
        for name in node.names:
            for kind, target in self.module.resolve(name):
                if kind == "unit":
                    self.store(target)

    def visit_Import(self, node):
        """Within a function: it runs the module when the function runs."""
        if self.function is None and self.unit.kind != "effects":
            return
        names = {}
        before = len(self.module.imported)
        self.module.bind_import(node, names)
        for one in self.module.imported[before:]:
            self.edge("mod " + one.path)
        del self.module.imported[before:]
        if "*" in names:
            self.edge("wild")

    visit_ImportFrom = visit_Import

    def visit_Constant(self, node):
        if isinstance(node.value, str) and DOTTED.match(node.value):
            words = re.split(r"[.:]", node.value)
            for n in range(len(words), 0, -1):
                found = self.reach.find(words[:n]) if n > 1 or len(words) == 2 else []
                for one in found:
                    self.edge("all " + one.path)
                if found:
                    return


def ends(body):
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise))


def pattern_names(pattern):
    """Texts that a case matches; None = anything else."""
    if type(pattern).__name__ == "MatchValue" and isinstance(constant(pattern.value), str):
        return frozenset([constant(pattern.value)])
    if type(pattern).__name__ == "MatchOr":
        parts = [pattern_names(one) for one in pattern.patterns]
        return None if None in parts else frozenset().union(*parts)
    return None


def is_key(node, name):
    return (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
            and node.attr in KEY_NAMES)


def only_key(node, name):
    return not isinstance(node, ast.DictComp) and is_key(node.elt, name) and not node.generators[0].ifs


def is_texts(node):
    return isinstance(node, (ast.List, ast.Tuple)) and all(
        isinstance(constant(one), str) or (isinstance(one, ast.Call) and called_name(one) == "param" and len(one.args) == 1
                                           and isinstance(constant(one.args[0]), str)) for one in node.elts)


def keys_of(reach, module, node):
    """`list(VARIANTS)`, `VARIANTS.keys()`, `[one.name for one in VARIANTS]`, a name for a list of texts."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        return any(kind == "unit" and len(target.values) == 1 and (
            is_texts(target.values[0]) or keys_of(reach, target.module, target.values[0]))
            for kind, target in reach.lookup(module, node))
    if isinstance(node, ast.Call):
        inner = node.func.value if called_name(node) == "keys" and isinstance(node.func, ast.Attribute) else (
            node.args[0] if called_name(node) in PURE and len(node.args) == 1 else None)
        found = inner is not None and reach.container(module, inner, {})
        return bool(found and found[1].kind == "dict") or (inner is not None and called_name(node) != "keys"
                                                           and keys_of(reach, module, inner))
    if isinstance(node, ast.ListComp) and isinstance(node.generators[0].target, ast.Name):
        return only_key(node, node.generators[0].target.id)
    return False


def source_of(module, node):
    return "\n".join(module.lines[node.lineno - 1:getattr(node, "end_lineno", None) or node.lineno])
