"""Where names are bound, and what little forms of code say of the variant's name."""
import ast

from expgraph_trees import FUNCTIONS, called_name, constant

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
KEY_NAMES = ("name", "id", "key", "slug", "variant", "variant_name")
PURE = {"list", "sorted", "len", "set", "tuple", "frozenset", "iter"}


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
