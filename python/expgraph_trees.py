"""Trees of Python files: their definitions by name, what of them is text for a model, and a digest that comments,
formatting and the version of Python do not move."""
import ast
import hashlib
import re

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SKIPPED_FIELDS = {"ctx", "kind", "type_comment", "type_ignores"}


def parse(data):
    try:
        return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def constant(node):
    if type(node).__name__ == "Index":  # Python 3.8
        node = node.value
    return getattr(node, "value", None) if isinstance(node, ast.Constant) else None


def dotted(node):
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return base and base + "." + node.attr
    return node.id if isinstance(node, ast.Name) else ""


def called_name(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)


def is_doc(node):
    return isinstance(node, ast.Expr) and isinstance(constant(node.value), str)


def dump(node, skipped=(), keeps_docs=None):
    """Own form of a tree: `ast.dump` gains fields from version to version."""
    if isinstance(node, list):
        return "[" + ",".join(dump(one, skipped, keeps_docs) for one in node) + "]"
    if not isinstance(node, ast.AST):
        return type(node).__name__ + ":" + repr(node)
    if id(node) in skipped:
        return "..."
    if type(node).__name__ == "Index":
        return dump(node.value, skipped, keeps_docs)
    if isinstance(node, ast.Constant):
        return type(node.value).__name__ + ":" + repr(node.value)
    parts = []
    for field in sorted(node._fields):
        value = getattr(node, field, None)
        if field in SKIPPED_FIELDS or value is None or (isinstance(value, list) and not value):
            continue
        if isinstance(value, list):
            value = [one for one in value if id(one) not in skipped]
            if field == "body" and keeps_docs is not None and value and is_doc(value[0]) and not keeps_docs(node):
                value = value[1:]
        parts.append(field + "=" + dump(value, skipped, keeps_docs))
    return type(node).__name__ + "(" + ",".join(parts) + ")"


def place_text(module, node):
    """The lines as they are written."""
    first = min([node.lineno] + [one.lineno for one in getattr(node, "decorator_list", [])])
    return "\n".join(module.lines[first - 1:getattr(node, "end_lineno", None) or node.lineno])


def parameter_names(call):
    """Of `parametrize("a, b", ...)`; None = they are put together."""
    first = call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "argnames"), None)
    if isinstance(constant(first), str):
        return [one.strip() for one in constant(first).split(",") if one.strip()]
    if isinstance(first, (ast.List, ast.Tuple)) and all(isinstance(constant(one), str) for one in first.elts):
        return [constant(one) for one in first.elts]
    return None


class Unit:
    """What is defined under one name at the top of a file; "(module)": statements that do something."""

    def __init__(self, module, name, kind):
        self.module, self.name, self.kind = module, name, kind
        self.key = module.path + ":" + name
        self.nodes, self.values, self.names = [], [], [name]
        self.writes, self.stores, self.carries_marks = set(), [], False

    def is_fixture(self):
        return any("fixture" in (dotted(one.func if isinstance(one, ast.Call) else one) or "")
                   for node in self.nodes for one in getattr(node, "decorator_list", []))

    def is_entry(self, function):
        """Whether pytest calls it, and hands its parameters over by name."""
        decorators = [dotted(one.func if isinstance(one, ast.Call) else one) or "" for one in function.decorator_list]
        is_test = self.module.start and function.name.startswith("test")
        return is_test or any("fixture" in one for one in decorators)


class Space:
    """A folder of modules without a file of its own."""

    units = {}

    def __init__(self, reach, words):
        self.reach, self.words, self.path = reach, words, "<%s>" % ".".join(words)

    def attribute(self, name, seen=()):
        words = self.words + [name]
        return [("module", one) for one in self.reach.find(words) + self.reach.spaces(words)]


class Module:
    def __init__(self, path, tree, data, start):
        self.path, self.tree, self.start = path, tree, start
        self.lines = data.decode("utf-8", "replace").splitlines()
        words = re.sub(r"\.py[iw]?$", "", path).split("/")
        self.words = [one for one in (words[:-1] if words[-1] == "__init__" else words) if one not in (".", "..")]
        self.is_package = words[-1] == "__init__"
        self.units, self.names, self.star_modules, self.imported, self.future = {}, {}, [], [], None
        self.reach = None

    def whole(self):
        return dump(self.tree)

    def unit(self, name, kind):
        if name not in self.units:
            self.units[name] = Unit(self, name, kind)
        elif self.units[name].kind != kind:
            self.units[name].kind = "mixed"
        self.names.setdefault(name, []).append(("unit", self.units[name]))
        return self.units[name]

    def bind(self, reach):
        self.reach = reach
        for n, node in enumerate(self.tree.body):
            self.statement(node, n == 0)

    def statement(self, node, is_first):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if getattr(node, "module", None) == "__future__":
                self.future = "from __future__ import " + ", ".join(sorted(one.name for one in node.names))
            self.bind_import(node, self.names)
        elif isinstance(node, FUNCTIONS):
            self.unit(node.name, "def").nodes.append(node)
        elif isinstance(node, ast.ClassDef):
            self.unit(node.name, "class").nodes.append(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and self.assign(node):
            return
        elif isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and constant(node.value) is not None and not is_first):
            return
        elif is_first and is_doc(node):
            self.unit("__doc__", "assign").nodes.append(node)
        elif isinstance(node, ast.If) and (dotted(node.test) or "").endswith("TYPE_CHECKING"):
            for one in node.body:
                if isinstance(one, (ast.Import, ast.ImportFrom)):
                    self.bind_import(one, self.names, is_typing=True)
            for one in node.orelse:
                self.statement(one, False)
        else:
            self.effect(node)

    def assign(self, node):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = []
        for target in targets:
            for one in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if not isinstance(one, ast.Name) or one.id == "_":
                    return False
                names.append(one.id)
        if names[0] in ("pytestmark", "pytest_plugins"):
            return False
        if any(isinstance(one, ast.NamedExpr) for one in ast.walk(node)) if hasattr(ast, "NamedExpr") else False:
            return False
        for name in names:
            unit = self.unit(name, "assign")
            unit.nodes.append(node)
            if len(names) == 1 and node.value is not None:
                unit.values.append(node.value)
            unit.names = names
        return True

    def effect(self, node):
        unit = self.unit("(module)", "effects")
        unit.nodes.append(node)
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
                self.names.setdefault(one.id, []).append(("unit", unit))
            elif isinstance(one, FUNCTIONS + (ast.ClassDef,)):
                self.names.setdefault(one.name, []).append(("unit", unit))
            elif isinstance(one, (ast.Import, ast.ImportFrom)):
                self.bind_import(one, self.names)

    def bind_import(self, node, names, is_typing=False):
        """What an import binds; modules that it runs go to `imported` where it stands at the top."""
        for one in node.names:
            if isinstance(node, ast.Import):
                words = one.name.split(".")
                text = "import " + one.name + (" as " + one.asname if one.asname else "")
                found = self.reach.find(words)
                bound = one.asname or words[0]
                first = found if one.asname else self.reach.find(words[:1]) + self.reach.spaces(words[:1])
                names.setdefault(bound, []).append(("import", text, first, None))
                if not is_typing:
                    self.imported.extend(found)
                continue
            base = self.from_base(node)
            modules = self.reach.find(base) if base else []
            dots = "." * (node.level or 0) + (node.module or "")
            if one.name == "*":
                self.star_modules.extend(modules)
                self.imported.extend(modules)
                names.setdefault("*", []).append(("import", "from %s import *" % dots, [], None))
                continue
            inner = self.reach.find(base + [one.name]) + self.reach.spaces(base + [one.name]) if base else []
            text = "from %s import %s" % (dots, one.name) + (" as " + one.asname if one.asname else "")
            names.setdefault(one.asname or one.name, []).append(("import", text, inner, (modules, one.name)))
            if not is_typing:
                self.imported.extend(one for one in modules + inner if isinstance(one, Module))

    def from_base(self, node):
        words = (node.module or "").split(".") if node.module else []
        if not node.level:
            return words
        up = node.level - (1 if self.is_package else 0)
        return self.words[:len(self.words) - up] + words if up <= len(self.words) else words

    def packages(self, reach):
        """Packages that importing this module runs before."""
        for n in range(1, len(self.words)):
            for module in reach.modules:
                if module.is_package and module.words == self.words[:n]:
                    yield module

    def resolve(self, name, seen=()):
        found = []
        for bound in self.names.get(name, []):
            found.extend(self.follow([bound], seen))
        for module in self.star_modules:
            found.extend(module.attribute(name, seen + ((self.path, name),)))
        return found

    def follow(self, bindings, seen=()):
        found = []
        for bound in bindings:
            if bound[0] == "unit":
                found.append(bound)
                continue
            _, text, modules, origin = bound
            found.append(("text", (self, text)))
            found.extend(("module", module) for module in modules)
            for module in origin[0] if origin else ():
                found.extend(module.attribute(origin[1], seen))
        return found

    def attribute(self, name, seen=()):
        if (self.path, name) in seen:
            return []
        found = self.resolve(name, seen + ((self.path, name),))
        if self.is_package:
            found = found + [("module", one) for one in self.reach.find(self.words + [name])]
        if not found and "__getattr__" in self.units:
            return [("unit", self.units["__getattr__"])]
        return found
