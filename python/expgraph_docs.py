"""Which docstrings may reach a model, whether a test asks for the manifest's settings, and which fields are mere labels."""
import ast
import re

from expgraph_files import OTHER_PROGRAMS
from expgraph_trees import FUNCTIONS, called_name, constant, dotted, parameter_names

DOC_READERS = {"__doc__", "getdoc", "signature", "get_type_hints", "getsource", "getmembers", "cleandoc", "getcomments"}
LABELS = ("description", "tags")
COPIERS = {"asdict", "model_dump", "dumps", "dict", "vars"}


class Docs:
    """Which docstrings may reach somebody: those of what is decorated, handed on, or asked for its __doc__."""

    def __init__(self, modules):
        self.loaded, self.called, self.is_read, self.in_notes = set(), set(), False, {}
        for module in modules:
            for node in module.tree.body:
                self.look(node)
        self.modules = modules
        self.kept = set()
        grew = True
        while grew:
            grew = False
            for module in modules:
                for node in ast.walk(module.tree):
                    if isinstance(node, FUNCTIONS + (ast.ClassDef,)) and id(node) not in self.kept and self.is_told(node):
                        self.kept.add(id(node))
                        grew = True
                        for one in ast.walk(node):
                            if isinstance(one, (ast.ClassDef,) + FUNCTIONS):
                                self.kept.add(id(one))
                            elif isinstance(one, ast.Name):
                                self.loaded.add(one.id)
                            elif isinstance(one, ast.Attribute):
                                self.loaded.add(one.attr)
                            elif isinstance(constant(one), str):
                                self.loaded.update(re.findall(r"[A-Za-z_]\w*", constant(one))[:20])

    def look(self, top):
        notes = set()
        for node in ast.walk(top):
            for note in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                if note is not None:
                    notes.update(id(one) for one in ast.walk(note))
        callees = {id(node.func) for node in ast.walk(top) if isinstance(node, ast.Call)}
        for node in ast.walk(top):
            name = getattr(node, "id", None) if isinstance(node, ast.Name) else (
                node.attr if isinstance(node, ast.Attribute) else None)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.is_read |= any(one.name in DOC_READERS for one in node.names)
            if name is None:
                self.is_read |= constant(node) == "__doc__"
            elif name in DOC_READERS:
                self.is_read = True
            elif id(node) in callees:
                self.called.add(name)
            elif id(node) not in notes and isinstance(node.ctx, ast.Load):
                self.loaded.add(name)

    def is_told(self, node):
        """Test functions and fixtures are told to nobody but pytest; of plain functions nobody reads more than the code."""
        if self.is_read:
            return True
        names = [dotted(one.func if isinstance(one, ast.Call) else one) or "?" for one in node.decorator_list]
        if isinstance(node, ast.ClassDef):
            plain = all(name.split(".")[-1] in ("dataclass",) or name.startswith("pytest.") for name in names)
            if node.name.startswith("Test"):
                return False
            return bool(node.bases or node.keywords) or not plain or node.name in self.loaded
        if names and all(name.startswith("pytest.") or name == "fixture" for name in names):
            return False
        plain = all(name.startswith("pytest.") or name in ("fixture", "atexit.register", "property", "staticmethod",
                                                          "classmethod", "contextmanager") for name in names)
        return not plain or (node.name in self.loaded and not node.name.startswith("test"))

    def keeps(self, unit):
        """Methods of a class may be tools of an object that is handed on: only those of tests are known."""
        in_class = {id(one) for node in unit.nodes if isinstance(node, ast.ClassDef) and not node.name.startswith("Test")
                    for one in ast.walk(node) if isinstance(one, FUNCTIONS) and not one.name.startswith("_")}
        return lambda node: self.is_read or id(node) in self.kept or id(node) in in_class


READS = re.compile(r"(open|fdopen|read|read_\w+|load|load_\w+|loadtxt|genfromtxt|fromfile|imread|parse|from_\w+|get_template"
                   r"|\w*Loader|r?glob|iglob|iterdir|listdir|scandir|walk|reader|DictReader|get_data|as_file|open_text)$")
NO_READS = {"load_dotenv", "from_messages", "from_dict"}


def files_read(modules, made, skipped, files):
    """Texts that may name files where values are made, and whether anything else reads files at all."""
    texts, others, reads, is_only = set(), set(), False, True
    for module in modules:
        for unit in module.units.values():
            for top in unit.nodes:
                inside = set()
                for node in ast.walk(top):
                    if unit.key in made or id(node) in skipped or id(node) in inside:
                        inside.update(id(one) for one in ast.walk(node))
                        texts.update(constant(one) for one in ast.walk(node) if isinstance(constant(one), str))
                        if unit.key in made:
                            break
                    elif isinstance(constant(node), str):
                        others.add(constant(node).split("/")[-1])
                    elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                        name = node.id if isinstance(node, ast.Name) else node.attr
                        is_read = bool(READS.match(name) and name not in NO_READS and id(node) not in inside)
                        reads = reads or is_read
                        is_only = is_only and name not in OTHER_PROGRAMS and (not is_read or id(node) in files.proved)
                    elif isinstance(node, ast.Call) and called_name(node) == "open" and is_write(node):
                        inside.add(id(node.func))
    known = sorted(one for one in texts if len(one) < 300 and one.split("/")[-1] not in others)
    return {"valueTexts": known, "readsFiles": reads, "ofVariants": files.of_variants(others, is_only)}


def is_write(call):
    modes = [*call.args[0 if isinstance(call.func, ast.Attribute) else 1:],
             *[one.value for one in call.keywords if one.arg == "mode"]]
    return any(isinstance(constant(one), str) and constant(one)[:1] in ("a", "w", "x") for one in modes[:1])


def uses_settings(modules):
    """Whether a test asks for the fixture `expgraph`, and with it for the model and its settings."""
    return any((isinstance(node, ast.arg) and node.arg == "expgraph") or constant(node) == "expgraph"
               or (isinstance(node, ast.alias) and node.name.startswith("expgraph"))
               for module in modules for node in ast.walk(module.tree))


def only_labels(modules, variant_param):
    """Fields of a scenario that are copied as a label and read by nothing else."""
    names = set()
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called_name(node) == "parametrize":
                names.update(parameter_names(node) or [])
            elif isinstance(node, FUNCTIONS) and any(
                    isinstance(one, ast.Call) and any(two.arg == "params" for two in one.keywords) for one in node.decorator_list):
                names.add(node.name)
    names -= {variant_param}
    if any(hands_on_whole(module, names) for module in modules):
        return []
    return [label for label in LABELS if not any(is_read(module, label) for module in modules)]


def is_read(module, label):
    copies = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg == label:
            copies.add(id(node.value))
        elif isinstance(node, ast.Dict):
            copies.update(id(value) for key, value in zip(node.keys, node.values) if constant(key) == label)
            copies.update(id(key) for key in node.keys if key is not None)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and called_name(node) in ("list", "tuple", "sorted", "get") and id(node) in copies:
            copies.update(id(one) for one in [*node.args, node.func])
    for node in ast.walk(module.tree):
        if id(node) in copies:
            if isinstance(node, ast.Subscript):
                copies.update(id(one) for one in ast.walk(node.slice))
            continue
        if isinstance(node, ast.Attribute) and node.attr == label and isinstance(node.ctx, ast.Load):
            return True
    return any(isinstance(constant(node), str) and id(node) not in copies
               and (constant(node) == label or re.search(r"\{[^}]*\b%s\b" % label, constant(node)))
               for node in ast.walk(module.tree))


def hands_on_whole(module, names):
    """Whether a scenario goes as a whole where its fields may be read: into a text, or to code of a library."""
    own = module.reach.own_names
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name) and node.value.id in names:
            return True
        if not isinstance(node, ast.Call):
            continue
        given = [*node.args, *[one.value for one in node.keywords]]
        whole = [one for one in given if isinstance(one, ast.Name) and one.id in names]
        name = called_name(node)
        if name == "getattr" and any(isinstance(one, ast.Name) and one.id in names for one in node.args[:1]):
            return True
        if whole and name not in COPIERS and name not in own and name not in ("len", "isinstance", "id", "print", "type"):
            return True
        for one in node.keywords:
            if one.arg is None and isinstance(one.value, ast.Call) and called_name(one.value) in COPIERS:
                return True
    return False
