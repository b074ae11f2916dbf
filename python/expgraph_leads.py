"""Where a name leads, what writes to it, and where the values of parameters come from."""
import ast
import re

from expgraph_scopes import is_texts, keys_of, source_of
from expgraph_trees import dotted, dump, parameter_names

DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+([:.]\w+)*$")


class Leads:
    """The part of Walk that adds edges."""

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
