"""What one definition leads to, and under which variants: the walk through its tree."""
import ast

from expgraph_leads import Leads
from expgraph_scopes import PURE, At, ends, is_key, only_key, pattern_names, scope_of, source_of
from expgraph_trees import called_name, constant, dotted, dump

MUTATORS = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "remove", "clear", "register", "__setitem__",
            "appendleft", "popitem", "discard", "sort", "reverse"}
WILD_CALLS = {"eval", "exec", "__import__", "__subclasses__", "resolve_name", "getmembers", "iter_modules",
              "walk_packages", "run_path", "run_module", "spec_from_file_location", "SourceFileLoader",
              "module_from_spec", "get_objects", "import_string", "import_module", "importorskip"}


class Walk(Leads):
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
        self.note(node.returns)
        kept = self.scope, self.function, self.at, self.guard
        for one in [*node.args.defaults, *node.args.kw_defaults]:
            self.visit(one)
        for one in ast.walk(node.args):
            if isinstance(one, ast.arg):
                self.note(one.annotation)
        self.scope = scope_of(self.module, node, self.scope)
        self.function = self.function or node
        self.at = At(self.scope, self.function)
        self.visit(node.body)
        self.scope, self.function, self.at, self.guard = kept

    visit_AsyncFunctionDef = visit_FunctionDef

    def note(self, annotation):
        """A type that is written as a text is found by whoever makes a schema of it."""
        self.visit(annotation)
        for one in ast.walk(annotation) if annotation is not None else ():
            if isinstance(constant(one), str):
                try:
                    self.visit(ast.parse(constant(one), mode="eval").body)
                except (SyntaxError, ValueError):
                    pass

    def visit_AnnAssign(self, node):
        self.note(node.annotation)
        self.visit(node.target)
        self.visit(node.value)

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
        self.reach.files.look(self.module, node, self.at)
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
        if name == "param" and any(one.arg == "marks" for one in node.keywords):
            self.unit.carries_marks = True
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
