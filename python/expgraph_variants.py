"""Which expression is the name of an item's variant, and which objects stand under such a name."""
import ast
import re

from expgraph_scopes import KEY_NAMES, At, arguments, bound_arguments, functions_of, is_texts, keys_of, scopes
from expgraph_trees import FUNCTIONS, called_name, constant, dotted, is_doc, parameter_names

PASSING = {"cache", "lru_cache", "contextmanager", "asynccontextmanager", "traceable"}  # hand on what they are given


class Container:
    """A registry by the names of variants: what stands under each, and where the rest of the code reads it."""

    def __init__(self, kind, entries):
        self.kind, self.entries = kind, entries  # key -> expressions


class Variants:
    """The part of Reach that knows registries and names."""

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
                    if (isinstance(node, FUNCTIONS) and not unit.is_entry(node) and len(unit.nodes) == 1
                            and all((dotted(getattr(one, "func", one)) or "").split(".")[-1] in PASSING
                                    for one in node.decorator_list)):
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


class Calls:
    """Every call of a function of the project, and every use of one that is no call."""

    def __init__(self, reach, unit, node, calls, values):
        self.reach, self.unit = reach, unit
        for one, scope, function in scopes(unit, node):
            at = At(scope, function)
            if isinstance(one, ast.Call):
                for kind, target in reach.lookup(unit.module, one.func, scope):
                    if kind == "unit":
                        calls.append((target.key, one, at))
                one.func._is_callee = True
            elif isinstance(constant(one), str) and "." in constant(one):
                for n in range(constant(one).count("."), 0, -1):
                    for module in reach.find(re.split("[.:]", constant(one))[:n]):
                        values.update(other.key for other in module.units.values())
            elif isinstance(one, (ast.Name, ast.Attribute)) and isinstance(one.ctx, ast.Load):
                if not getattr(one, "_is_callee", False):
                    for kind, target in reach.lookup(unit.module, one, scope):
                        if kind == "unit":
                            values.add(target.key)
                        elif kind == "module" and not getattr(one, "_is_base", False):
                            values.update(other.key for other in target.units.values())
                if isinstance(one, ast.Attribute):
                    one.value._is_base = True
