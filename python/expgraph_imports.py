"""What Python files import, read by Python's own grammar: `ast`, and nothing of them is run.

Started as `python -I -S -B expgraph_imports.py FOLDER`: no site, no environment, no current folder
on the path, so that no code of the project runs. One JSON object a line on stdin
({"id", "file", "bytes": base64}) and one on stdout; the first line out says what interpreter it is.
The grammar is Python 3.6's, because any interpreter of a user's may be the one that runs it.
"""
import ast
import binascii
import json
import os.path
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "/"

CHILDREN = {"Popen", "check_call", "check_output", "create_subprocess_exec", "create_subprocess_shell",
            "system", "popen", "run", "call", "execv", "execvp", "spawnv", "getoutput", "getstatusoutput"}
FROM_FILE = {"spec_from_file_location": 1, "SourceFileLoader": 1, "load_source": 1, "run_path": 0}
# `with suppress(ImportError)` is one, too. Later versions have more kinds.
GUARDS = (ast.If, ast.Try, ast.With, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.While, ast.For,
          getattr(ast, "TryStar", ast.Try), getattr(ast, "Match", ast.If))
LOADERS = {"import_module", "__import__", "run_module", "importorskip"}
# `patch("app.core.run")` imports app.core; so does monkeypatch.setattr with a dotted name.
PATCHES = {"patch", "setattr", "delattr", "resolve_name"}


class Reader:
    """One file. What cannot be worked out is told as open, with its place."""

    def __init__(self, file, tree):
        self.file = file
        self.found = {"imports": [], "maybe": [], "open": [], "prefixes": [], "paths": [], "unknownPaths": [],
                      "files": [], "words": [], "plugins": [], "all": None}
        self.names = {}
        self.aliases = {}
        walked = list(running(tree))
        nodes = [node for node, _ in walked]
        self.assigned(nodes)
        for node, is_guarded in walked:
            self.is_guarded = is_guarded
            self.visit(node)

    # ---- names that stand for one text, and other names of functions ----

    def assigned(self, nodes):
        seen = {}
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                for one in node.names:
                    self.aliases[one.asname or one.name] = one.name
            targets = []
            if isinstance(node, ast.Assign):
                targets = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                targets = [(node.target, node.value)]
            for target, value in targets:
                if isinstance(target, ast.Name):
                    seen.setdefault(target.id, []).append(value)
            if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
                seen.setdefault(node.id, []).append(None)
            elif isinstance(node, ast.arg):
                seen.setdefault(node.arg, []).extend([None, None])
        # An assignment is seen twice: as a statement, and as a name that is stored.
        self.once = {name: values for name, values in seen.items() if len(values) == 2}

    def name(self, name):
        if name == "__file__":
            return self.file
        if name not in self.names:
            self.names[name] = None  # a circle has no value
            values = [value for value in self.once.get(name, ()) if value is not None]
            self.names[name] = self.text(values[0]) if len(values) == 1 else None
        return self.names[name]

    def called(self, node):
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr
        if isinstance(function, ast.Name):
            return self.aliases.get(function.id, function.id)
        return None

    # ---- text that is known without running anything ----

    def text(self, node):
        if isinstance(node, ast.JoinedStr):
            return joined([self.text(one) for one in node.values])
        if isinstance(node, ast.FormattedValue):
            return self.text(node.value)
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.BinOp):
            left, right = self.text(node.left), self.text(node.right)
            if left is None or right is None:
                return None
            if isinstance(node.op, ast.Add):
                return left + right
            return os.path.join(left, right) if isinstance(node.op, ast.Div) else None
        if isinstance(node, ast.Attribute):
            if node.attr in ("pardir", "curdir", "sep"):
                return getattr(os.path, node.attr)
            base = self.text(node.value) if node.attr == "parent" else None
            return None if base is None else parent(base)
        if isinstance(node, ast.Subscript):
            return self.parents(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        value = constant(node)
        return value if isinstance(value, str) else None

    def parents(self, node):
        index = node.slice
        if hasattr(ast, "Index") and isinstance(index, ast.Index):
            index = getattr(index, "value", index)
        n = constant(index)
        if not (isinstance(node.value, ast.Attribute) and node.value.attr == "parents" and isinstance(n, int)):
            return None
        base = self.text(node.value.value)
        for _ in range(n + 1):
            base = None if base is None else parent(base)
        return base

    def call(self, node):
        name = self.called(node)
        texts = [self.text(one) for one in node.args]
        if name in ("getcwd", "cwd") or (name == "Path" and not node.args):
            return FOLDER
        if name in ("Path", "PurePath", "PosixPath", "join", "str", "fspath"):
            if isinstance(node.func, ast.Attribute) and constant(node.func.value) is not None:
                return None  # "/".join([...])
            return None if None in texts or not texts else os.path.join(*texts)
        if name == "dirname" and len(texts) == 1:
            return None if texts[0] is None else os.path.dirname(texts[0])
        if name in ("abspath", "realpath", "normpath") and len(texts) == 1:
            return texts[0]
        if isinstance(node.func, ast.Attribute):
            base = self.text(node.func.value)
            if base is not None and name in ("resolve", "absolute", "as_posix", "expanduser"):
                return base
            if base is not None and name == "joinpath" and None not in texts:
                return os.path.join(base, *texts)
        return None

    def prefix(self, node):
        """How a text begins that is put together: f"plugins.{name}"."""
        if isinstance(node, ast.JoinedStr):
            start = ""
            for one in node.values:
                known = self.text(one)
                if known is None:
                    break
                start += known
            return start
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            known = self.text(node.left)
            right = self.prefix(node.right)
            return self.prefix(node.left) if known is None else known + right
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return (self.text(node.left) or "").split("%")[0]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return (self.text(node.func.value) or "").split("{")[0]
        return self.text(node) or ""

    # ---- statements and calls ----

    def visit(self, node):
        if isinstance(node, ast.Import):
            for one in node.names:
                self.imported(0, one.name, None)
        elif isinstance(node, ast.ImportFrom):
            names = [one.name for one in node.names]
            self.imported(node.level or 0, node.module or "", names)
        elif isinstance(node, ast.Call):
            self.visit_call(node)
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            self.visit_assign(node)

    def imported(self, level, module, names, is_guarded=None):
        guarded = self.is_guarded if is_guarded is None else is_guarded
        self.found["imports"].append({"level": level, "module": module, "names": names, "isGuarded": guarded})

    def visit_call(self, node):
        name = self.called(node)
        if name in LOADERS:
            self.load(node, argument(node, 0, ("name", "mod_name", "modname")), name)
        elif name in FROM_FILE:
            location = argument(node, FROM_FILE[name], ("location", "path", "pathname", "path_name"))
            known = None if location is None else self.text(location)
            if known is not None:
                self.found["files"].append(known)
            elif location is not None:
                self.tell_open(node)
        elif name == "exec" and isinstance(node.func, ast.Name) and node.args:
            self.execute(node)
        elif name in PATCHES and node.args:
            target = constant(node.args[0])
            if isinstance(target, str) and "." in target:
                self.found["maybe"].append(target.split(":")[0])
        elif name in ("insert", "append", "extend", "addsitedir") and node.args:
            if name == "addsitedir" or is_sys_path(node.func.value if isinstance(node.func, ast.Attribute) else None):
                self.path(node.args[-1], node)
        elif name in CHILDREN and node.args:
            self.child(node)

    def load(self, node, given, name):
        if given is None:
            return
        known = self.text(given)
        package = argument(node, 1, ("package",)) if name == "import_module" else None
        stem = self.text(package) if package is not None else None
        if known is not None:
            level = len(known) - len(known.lstrip("."))
            if level and stem is not None:
                known, level = up(stem, level - 1) + "." + known.lstrip("."), 0
            self.imported(level, known[level:], None, True)
            return
        start = self.prefix(given)
        if start.startswith(".") and stem is not None:
            level = len(start) - len(start.lstrip("."))
            start = up(stem, level - 1) + "." + start.lstrip(".")
        if "." in start:
            self.found["prefixes"].append(dict(place(node), name=start[: start.rindex(".") + 1]))
        else:
            self.tell_open(node)

    def execute(self, node):
        """Code that is written out; what is made while it runs, a model's answer say, is no file of the project."""
        code = self.text(node.args[0])
        try:
            inner = Reader(self.file, ast.parse(code or "")).found
        except (SyntaxError, ValueError):
            return
        for key, value in inner.items():
            if key != "all":
                self.found[key].extend(value)

    def visit_assign(self, node):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            plain = target.value if isinstance(target, ast.Subscript) else target
            if is_sys_path(plain) and node.value is not None:
                self.path(node.value, node)
            if not isinstance(target, ast.Name) or node.value is None:
                continue
            if target.id == "pytest_plugins":
                names = strings(node.value)
                if names is None:
                    self.tell_open(node)
                else:
                    self.found["plugins"].extend(names)
            elif target.id == "__all__":
                names = strings(node.value)
                before = self.found["all"] or []
                self.found["all"] = ["*"] if names is None or "*" in before else before + names

    def path(self, node, whole):
        if isinstance(node, (ast.List, ast.Tuple)):
            for one in node.elts:
                self.path(one, whole)
        elif isinstance(node, ast.Starred):
            self.path(node.value, whole)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and self.text(node) is None:
            self.path(node.left, whole)
            self.path(node.right, whole)
        elif not is_sys_path(node) and not (isinstance(node, ast.Subscript) and is_sys_path(node.value)):
            known = self.text(node)
            if known is None:
                self.found["unknownPaths"].append(place(whole))
            else:
                self.found["paths"].append(known)

    def child(self, node):
        words = []
        for given in node.args:
            for one in given.elts if isinstance(given, (ast.List, ast.Tuple)) else [given]:
                known = self.text(one)
                if known is not None:
                    words.extend([known] if given is not one else known.replace(";", " ").split())
        if words:
            self.found["words"].append(words)

    def tell_open(self, node):
        self.found["open"].append(place(node))


def running(tree):
    """Every node that may run, and whether it may also not: in a function, under `if`, in `try`.

    What stands under `if TYPE_CHECKING:` is for checkers.
    """
    waiting = [(tree, False)]
    while waiting:
        node, is_guarded = waiting.pop()
        yield node, is_guarded
        inside = is_guarded or isinstance(node, GUARDS)
        for field, value in ast.iter_fields(node):
            if field == "body" and isinstance(node, ast.If) and is_type_checking(node.test):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    waiting.append((one, inside))


def is_type_checking(test):
    return getattr(test, "attr", getattr(test, "id", None)) == "TYPE_CHECKING"


def is_sys_path(node):
    return (isinstance(node, ast.Attribute) and node.attr == "path"
            and isinstance(node.value, ast.Name) and node.value.id in ("sys", "_sys"))


def constant(node):
    if isinstance(node, getattr(ast, "Constant", ())):
        return node.value
    return getattr(node, "s", None) if type(node).__name__ == "Str" else getattr(node, "n", None)


def strings(node):
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        values = [constant(one) for one in node.elts]
        return values if all(isinstance(one, str) for one in values) else None
    value = constant(node)
    return [value] if isinstance(value, str) else None


def argument(node, at, names):
    if len(node.args) > at:
        return node.args[at]
    return next((one.value for one in node.keywords if one.arg in names), None)


def joined(texts):
    return None if None in texts else "".join(texts)


def parent(path):
    return os.path.dirname(os.path.normpath(path))


def up(package, steps):
    parts = package.split(".")
    return ".".join(parts[: len(parts) - steps] if steps else parts)


def place(node):
    return {"line": node.lineno, "column": node.col_offset + 1}


def read(file, data):
    try:
        return Reader(file, ast.parse(data)).found
    except SyntaxError as error:
        return {"error": {"message": str(error.msg), "line": error.lineno or 1, "column": error.offset or 1}}
    except ValueError as error:
        return {"error": {"message": str(error), "line": 1, "column": 1}}
    except (RecursionError, MemoryError):
        return {"open": [{"line": 1, "column": 1}]}  # deeper than this interpreter goes


def reach(question):
    """Loaded where there are tests. What it cannot do is no mistake of the project: every file counts then."""
    if sys.version_info < (3, 8):  # before, texts and numbers had nodes of their own
        return {"error": "this needs Python 3.8"}
    try:
        here = os.path.dirname(os.path.abspath(__file__))
        if here not in sys.path:
            sys.path.insert(0, here)
        import expgraph_reach
        for one in question["files"]:
            one["bytes"] = binascii.a2b_base64(one["bytes"])
        return expgraph_reach.analyse(question)
    except Exception as error:  # whatever a tree of anybody's may bring about
        return {"error": "%s: %s" % (type(error).__name__, error)}


def main():
    sys.setrecursionlimit(5000)
    builtin = sorted(set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names))
    print(json.dumps({"version": list(sys.version_info[:2]), "prefix": sys.prefix, "stdlib": builtin}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = reach(asked["reach"]) if "reach" in asked else read(asked["file"], binascii.a2b_base64(asked["bytes"]))
        answer["id"] = asked["id"]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
