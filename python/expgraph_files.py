"""Which reads of files are of a file that is named after the variant: `open(f"prompts/{variant}.txt")`, and nothing else.

The last part of a path says which file it is, wherever its folder lies. What is read in any other way may be any file.
"""
import ast

from expgraph_trees import called_name, constant, dotted

OTHER_PROGRAMS = {"subprocess", "Popen", "system", "popen", "check_output", "spawn", "mmap", "memmap", "symlink", "copy", "copyfile",
                  "move", "rename", "chdir"}


class Files:
    """Calls that open a file whose name is known, or is the variant's; what they give is read, too."""

    def __init__(self, reach):
        self.reach, self.proved = reach, set()

    def look(self, module, call, at):
        if self.opens(module, call, at) or self.reads(module, call, at):
            self.proved.add(id(call.func))

    def opens(self, module, call, at):
        name = called_name(call)
        if isinstance(call.func, ast.Name):
            return name == "open" and not self.reach.lookup(module, call.func) and bool(call.args) and self.is_known(call.args[0], at)
        return name in ("read_text", "read_bytes", "open") and self.is_known(call.func.value, at)

    def reads(self, module, call, at):
        name = called_name(call)
        if name == "read" and isinstance(call.func, ast.Attribute):
            return self.is_opened(module, call.func.value, at)
        return dotted(call.func) in ("json.load", "yaml.load", "tomllib.load") and bool(call.args) and self.is_opened(module, call.args[0], at)

    def is_opened(self, module, node, at):
        if isinstance(node, ast.Call):
            return self.opens(module, node, at)
        if not self.is_bound_once(node, at):
            return False
        found = [one.context_expr for one in ast.walk(at.function) if isinstance(one, ast.withitem)
                 and isinstance(one.optional_vars, ast.Name) and one.optional_vars.id == node.id]
        return len(found) == 1 and isinstance(found[0], ast.Call) and self.opens(module, found[0], at)

    @staticmethod
    def is_bound_once(node, at):
        return (isinstance(node, ast.Name) and at.function is not None and at.scope.get(node.id) == "local"
                and at.function_binds(node.id) == 1)

    def is_known(self, node, at):
        """Whether the last part of a path is a text, or the variant's name with a text that begins with a dot."""
        if isinstance(constant(node), str) or self.reach.is_variant(node, at):
            return True
        if isinstance(node, ast.JoinedStr):
            return self.is_joined(node, at)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.reach.is_variant(node.left, at) and is_ending(constant(node.right))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self.is_known(node.right, at)
        if isinstance(node, ast.Call) and called_name(node) in ("Path", "PurePath", "joinpath", "join") and node.args:
            return self.is_known(node.args[-1], at)
        if self.is_bound_once(node, at):
            found = [one.value for one in ast.walk(at.function) if isinstance(one, ast.Assign)
                     and [getattr(target, "id", None) for target in one.targets] == [node.id]]
            return len(found) == 1 and self.is_known(found[0], at)
        return False

    def is_joined(self, node, at):
        told = [n for n, one in enumerate(node.values) if isinstance(one, ast.FormattedValue)]
        if not told:
            return False
        last = node.values[told[-1]]
        before = constant(node.values[told[-1] - 1]) if told[-1] else "/"
        after = "".join(constant(one) for one in node.values[told[-1] + 1:])
        return (self.reach.is_variant(last.value, at) and last.format_spec is None and last.conversion == -1
                and isinstance(before, str) and before.endswith("/") and (after == "" or is_ending(after)))

    def of_variants(self, others, is_only):
        """Names that are written somewhere, of those that begin with a variant's; None: any file may be read anywhere."""
        if not is_only or self.reach.why:
            return None
        return sorted(one for one in others if any(one == name or one.startswith(name + ".") for name in self.reach.names))


def is_ending(text):
    return isinstance(text, str) and text.startswith(".") and "/" not in text
