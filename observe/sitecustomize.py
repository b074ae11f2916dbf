"""Tells expgraph which files of the project this Python reads; whatever the program does stays as it is.

Found by PYTHONPATH where expgraph started the program. It leaves sys.path as it would have been and goes on with the
sitecustomize that would have run. A line is "r", "l" (a folder was listed) or "w", a blank and an absolute path; "a" and
the bytes that were there stand before the path of a file that is added to.
"""
import os
import sys


def _observe(target, folders):
    folders = tuple(folder.rstrip(os.sep) + os.sep for folder in folders if folder)
    library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
    settings = ("pyproject.toml", "tox.ini", "setup.cfg", ".coveragerc")
    seen = set()

    def tell(kind, path):
        if isinstance(path, int) or path is None:
            return
        path = os.fsdecode(path)
        if "\n" in path:
            return
        path = os.path.abspath(path)
        if not (path + os.sep).startswith(folders):
            return
        folder, name = os.path.split(path)
        if os.path.basename(folder) == "__pycache__":
            # A module that was compiled before is read as what it was compiled from.
            path = os.path.join(os.path.dirname(folder), name.split(".")[0] + ".py")
            if kind != "r":
                return
        if kind + path in seen:
            return
        seen.add(kind + path)
        if kind == "a":
            kind = "a %d" % os.path.getsize(path)
        line = kind + " " + path + "\n"
        data = line.encode("utf-8", "surrogateescape")
        # Opened each time: a number that is kept may be closed by the program, and become a file of its own.
        file = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)

    def words(given, folder):
        given = given.split() if isinstance(given, str) else given
        for word in list(given or ())[:100]:
            word = os.fsdecode(word) if isinstance(word, (bytes, os.PathLike)) else word
            if isinstance(word, str) and word and not word.startswith("-"):
                path = os.path.join(os.fsdecode(folder) if folder else os.getcwd(), word.strip("'\""))
                if os.path.isfile(path):
                    tell("r", path)

    def is_machinery(also_installed=False):
        """Imports and pytest look into folders for code, which counts by what of it is read, and into files of settings,
        which count by the part that is pytest's. Its plugins read their own part of these."""
        frame = sys._getframe(3)
        while frame is not None:
            name = str(frame.f_globals.get("__name__"))
            if name.split(".")[0] in ("importlib", "_frozen_importlib_external", "_pytest", "iniconfig", "pkg_resources"):
                return True
            file = frame.f_code.co_filename
            if not file.startswith("<frozen") and (not file.startswith(library) or "-packages" in file):
                return also_installed and "-packages" in file
            frame = frame.f_back
        return False

    def note(event, args):
        if event == "open":
            path, _, flags = args
            access = flags & 3
            if access == 0 or (access == 2 and not flags & os.O_TRUNC):
                if not (os.path.basename(str(path)) in settings and is_machinery(True)):
                    tell("r", path)
            elif not flags & os.O_APPEND or not os.path.exists(path):
                tell("w", path)
            else:
                tell("a", path)
        elif event in ("os.listdir", "os.scandir"):
            path = "." if args[0] is None else args[0]
            if not isinstance(path, int) and not is_machinery():
                tell("l", path)
        elif event == "os.rename":
            tell("w", args[1])
        elif event == "sqlite3.connect":
            tell("r" if os.path.exists(args[0]) else "w", args[0])
        elif event == "subprocess.Popen":
            words(args[1], args[2])
        elif event == "os.system":
            words(os.fsdecode(args[0]), None)

    def hook(event, args):
        try:
            note(event, args)
        except Exception:  # whatever it is, it is not the program's
            pass

    sys.addaudithook(hook)


def _go_on(own):
    """The sitecustomize that this one stands before."""
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != own]
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find("sitecustomize", None) if find else None
        if spec is not None and spec.loader is not None:
            import _frozen_importlib

            module = _frozen_importlib.module_from_spec(spec)
            sys.modules["sitecustomize"] = module
            spec.loader.exec_module(module)
            return


try:
    if os.environ.get("EXPGRAPH_READS") and hasattr(sys, "addaudithook"):
        _observe(os.environ["EXPGRAPH_READS"], os.environ.get("EXPGRAPH_FOLDER", "").split("\n"))
except Exception:  # not observed, and otherwise as it would be
    pass
if sys.version_info >= (3, 5):
    _go_on(os.path.dirname(os.path.abspath(__file__)))
