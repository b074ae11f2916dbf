// Little projects in Python. Each was a wrong hit once, or is the neighbour of one.
import type { ClosureRow } from './closure-row.ts';

const RUN = '{ command: [python3, harness.py] }';

export const PYTHON_ROWS: readonly ClosureRow[] = [
  {
    name: "an absolute import from the script's own folder, and not a module of the same name elsewhere",
    variant: '{ command: [python3, tools/harness.py] }',
    files: { 'tools/harness.py': 'import helper\n', 'tools/helper.py': '', 'helper.py': '' },
    moves: ['tools/harness.py', 'tools/helper.py'],
    stays: ['helper.py'],
  },
  {
    name: "what a module beside the script imports, from the script's folder and not from its own",
    variant: '{ command: [python3, run.py] }',
    files: {
      'run.py': 'import pkg.a\n',
      'pkg/__init__.py': '',
      'pkg/a.py': 'import b\n',
      'b.py': '',
      'pkg/b.py': '',
    },
    moves: ['b.py', 'pkg/a.py'],
    stays: ['pkg/b.py'],
  },
  {
    name: 'the second statement of a line',
    variant: RUN,
    files: { 'harness.py': 'import os; import x\n', 'x.py': '', 'y.py': '' },
    moves: ['x.py'],
    stays: ['y.py'],
  },
  {
    name: 'what follows a condition on its line',
    variant: RUN,
    files: { 'harness.py': 'c = 1\nif c: from x import y\n', 'x.py': '' },
    moves: ['x.py'],
  },
  {
    name: 'imports in functions, try, class bodies, with and match',
    variant: RUN,
    files: {
      'harness.py': `def f():
    import a
try:
    import b
except ImportError:
    import c
class K:
    from d import e
with open('x') as f: import g
g = lambda: __import__('h')
async def k():
    async for _ in z: import i
`,
      ...Object.fromEntries('abcdghi'.split('').map((name) => [`${name}.py`, ''])),
    },
    moves: ['a.py', 'b.py', 'c.py', 'd.py', 'g.py', 'h.py', 'i.py'],
  },
  {
    name: 'a relative import without a space',
    variant: '{ command: [python3, -m, pkg.main] }',
    files: { 'pkg/__init__.py': '', 'pkg/main.py': 'from .import x\n', 'pkg/x.py': '', 'x.py': '' },
    moves: ['pkg/x.py', 'pkg/__init__.py'],
    stays: ['x.py'],
  },
  {
    name: 'relative imports of siblings and of parents, with every __init__.py above them',
    variant: '{ command: [python3, -m, a.b.main] }',
    files: {
      ...{ 'a/__init__.py': '', 'a/b/__init__.py': '', 'a/c/__init__.py': '', 'a/c/deep.py': '' },
      ...{
        'a/b/main.py': 'from . import x\nfrom ..c.deep import y\nfrom .. import z\n',
        'a/b/x.py': '',
        'a/z.py': '',
      },
      'a/c/other.py': '',
    },
    moves: ['a/__init__.py', 'a/b/__init__.py', 'a/c/__init__.py', 'a/c/deep.py', 'a/b/x.py', 'a/z.py'],
    stays: ['a/c/other.py'],
  },
  {
    name: 'names after a comment with parentheses',
    variant: RUN,
    files: {
      'harness.py': 'from pkg import (  # (one)\n  one,  # :)\n  two as second,\n)\n',
      ...{ 'pkg/__init__.py': '', 'pkg/one.py': '', 'pkg/two.py': '', 'pkg/three.py': '' },
    },
    moves: ['pkg/one.py', 'pkg/two.py', 'pkg/__init__.py'],
    stays: ['pkg/three.py'],
  },
  {
    name: 'an import that goes over lines',
    variant: RUN,
    files: {
      'harness.py': 'from \\\n  x \\\n  import \\\n  y\nimport z, \\\n  w\n',
      'x.py': '',
      'z.py': '',
      'w.py': '',
    },
    moves: ['x.py', 'z.py', 'w.py'],
  },
  {
    name: 'what a star brings: the modules that __all__ names',
    variant: RUN,
    files: {
      'harness.py': 'from pkg import *\n',
      ...{
        'pkg/__init__.py': '__all__ = ["one"]\n__all__ += ["two"]\n',
        'pkg/one.py': '',
        'pkg/two.py': '',
        'pkg/three.py': '',
      },
    },
    moves: ['pkg/one.py', 'pkg/two.py'],
    stays: ['pkg/three.py'],
  },
  {
    name: 'a package, and not the module of the same name beside it',
    variant: RUN,
    files: { 'harness.py': 'import x\n', 'x/__init__.py': '', 'x.py': '' },
    moves: ['x/__init__.py'],
    stays: ['x.py'],
  },
  {
    name: 'a module, and not the folder without __init__.py beside it',
    variant: RUN,
    files: { 'harness.py': 'import x\n', 'x/y.py': '', 'x.py': '' },
    moves: ['x.py'],
    stays: ['x/y.py'],
  },
  {
    name: 'a namespace package, over two folders of the path',
    variant: '{ command: [python3, harness.py], env: { PYTHONPATH: lib } }',
    files: {
      'harness.py': 'import ns.a\nfrom ns import b\n',
      'ns/a.py': '',
      'lib/ns/b.py': '',
      'lib/ns/c.py': '',
    },
    moves: ['ns/a.py', 'lib/ns/b.py'],
    stays: ['lib/ns/c.py'],
  },
  {
    name: 'python -m of a module',
    variant: '{ command: [python3, -um, pkg.run, --fast] }',
    files: { 'pkg/__init__.py': '', 'pkg/run.py': 'import other\n', 'other.py': '', 'pkg/other.py': '' },
    moves: ['pkg/run.py', 'pkg/__init__.py', 'other.py'],
    stays: ['pkg/other.py'],
  },
  {
    name: 'python -m of a package: its __main__.py',
    variant: '{ command: [python3, -m, pkg] }',
    files: { 'pkg/__init__.py': '', 'pkg/__main__.py': 'from .x import y\n', 'pkg/x.py': '', 'pkg/z.py': '' },
    moves: ['pkg/__init__.py', 'pkg/__main__.py', 'pkg/x.py'],
    stays: ['pkg/z.py'],
  },
  {
    name: 'a folder that is run: its __main__.py',
    variant: '{ command: [python3, app] }',
    files: { 'app/__main__.py': 'import x\n', 'app/x.py': '', 'x.py': '' },
    moves: ['app/__main__.py', 'app/x.py'],
    stays: ['x.py'],
  },
  {
    name: "modules on PYTHONPATH of the command's env, outside of the folder, too",
    variant: '{ command: [python3, harness.py], env: { PYTHONPATH: "lib:../shared" } }',
    folder: 'exp',
    files: {
      'exp/harness.py': 'import x\nimport y\n',
      'exp/lib/x.py': '',
      'shared/y.py': '',
      'shared/z.py': '',
    },
    moves: ['exp/lib/x.py', 'shared/y.py'],
    stays: ['shared/z.py'],
  },
  {
    name: 'folders that the code puts on sys.path',
    variant: RUN,
    files: {
      'harness.py': `import os, sys
from pathlib import Path
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lib"))
sys.path.append(str(Path(__file__).resolve().parent / "more"))
sys.path += ["third"]
import a, b, c
`,
      ...{ 'lib/a.py': '', 'more/b.py': '', 'third/c.py': '', 'third/d.py': '' },
    },
    moves: ['lib/a.py', 'more/b.py', 'third/c.py'],
    stays: ['third/d.py'],
  },
  {
    name: 'a module that is found nowhere on the path, wherever in the project it lies',
    variant: RUN,
    files: {
      'harness.py': 'import sys\nsys.path.insert(0, where())\nimport x\n',
      'deep/in/x.py': '',
      'deep/in/y.py': '',
    },
    moves: ['deep/in/x.py'],
    stays: ['deep/in/y.py'],
  },
  {
    name: 'import_module and __import__ of a written name',
    variant: RUN,
    files: {
      'harness.py': `import importlib
from importlib import import_module as load
importlib.import_module('a')
load("b.c")
__import__('d')
NAME = 'e'
importlib.import_module(NAME)
`,
      ...{ 'a.py': '', 'b/c.py': '', 'd.py': '', 'e.py': '', 'f.py': '' },
    },
    moves: ['a.py', 'b/c.py', 'd.py', 'e.py'],
    stays: ['f.py'],
  },
  {
    name: 'every module of a package whose names are put together',
    variant: RUN,
    files: {
      'harness.py': 'import importlib\nimportlib.import_module(f"plugins.{name}")\n',
      ...{ 'plugins/a.py': '', 'plugins/deep/b.py': '', 'other.py': '' },
    },
    moves: ['plugins/a.py', 'plugins/deep/b.py'],
    stays: ['other.py'],
  },
  {
    name: 'every file of the folder where a name is put together from nothing',
    variant: RUN,
    files: {
      'harness.py': 'import importlib\nimportlib.import_module(name)\n',
      'a.py': '',
      'b/c.py': '',
      'd.txt': '',
    },
    moves: ['a.py', 'b/c.py'],
    stays: ['d.txt'],
  },
  {
    name: 'what inputs: says where a name is put together, and nothing else then',
    variant: RUN,
    lines: 'inputs: ["plugins/*.py"]\n',
    files: {
      'harness.py': 'import importlib\nimportlib.import_module(name)\n',
      ...{ 'plugins/a.py': 'import helper\n', 'helper.py': '', 'b.py': '' },
    },
    moves: ['plugins/a.py', 'helper.py'],
    stays: ['b.py'],
  },
  {
    name: 'no text and no comment that looks like an import, and nothing for checkers of types',
    variant: RUN,
    files: {
      'harness.py': `"""
import a
"""
# import b
TEXT = 'from c import d'
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import e
else:
    import f
`,
      ...{ 'a.py': '', 'b.py': '', 'c.py': '', 'e.py': '', 'f.py': '', 'f.pyi': '' },
    },
    moves: ['f.py'],
    stays: ['a.py', 'b.py', 'c.py', 'e.py', 'f.pyi'],
  },
  {
    name: 'imports of a file with a byte order mark, and of one in another encoding',
    variant: RUN,
    files: { 'harness.py': '\uFEFFimport a\n', 'a.py': '# -*- coding: latin-1 -*-\nimport b\n', 'b.py': '' },
    moves: ['a.py', 'b.py'],
  },
  {
    name: 'modules in a circle',
    variant: RUN,
    files: { 'harness.py': 'import a\n', 'a.py': 'import b\n', 'b.py': 'import a\n' },
    moves: ['a.py', 'b.py'],
  },
  {
    name: 'code that stands in the command',
    variant: `{ command: [python3, -c, "import a; a.main()"] }`,
    files: { 'a.py': '', 'b.py': '' },
    moves: ['a.py'],
    stays: ['b.py'],
  },
  {
    name: 'a script behind other programs, and one without an ending',
    variant: '{ command: [env, "X=1", uv, run, ./agent] }',
    files: { agent: '#!/usr/bin/env python3\nimport a\n', 'a.py': '' },
    moves: ['agent', 'a.py'],
  },
  {
    name: 'a module that a server is told to serve',
    variant: '{ command: [uvicorn, "srv.main:app"] }',
    files: { 'srv/__init__.py': '', 'srv/main.py': 'from . import db\n', 'srv/db.py': '', 'srv/x.py': '' },
    moves: ['srv/main.py', 'srv/db.py'],
    stays: ['srv/x.py'],
  },
  {
    name: 'a script outside of the folder, and what it imports',
    variant: '{ command: [python3, ../tools/harness.py] }',
    folder: 'exp',
    files: { 'tools/harness.py': 'import helper\n', 'tools/helper.py': '', 'tools/other.py': '' },
    moves: ['tools/harness.py', 'tools/helper.py'],
    stays: ['tools/other.py'],
  },
  {
    name: 'a script that the code starts, and one that it loads by its path',
    variant: RUN,
    files: {
      'harness.py': `import subprocess, sys, os, runpy
subprocess.run([sys.executable, "child.py"])
os.system("python3 -m other --x")
runpy.run_path(os.path.join(os.path.dirname(__file__), "third.py"))
`,
      ...{ 'child.py': 'import deep\n', 'deep.py': '', 'other.py': '', 'third.py': '', 'data.txt': '' },
    },
    moves: ['child.py', 'deep.py', 'other.py', 'third.py'],
    stays: ['data.txt'],
  },
  {
    name: 'an installed distribution by its version',
    variant: '{ command: [.venv/bin/python, harness.py] }',
    files: {
      'harness.py': 'import yaml\n',
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': '',
      '.venv/lib/python3.11/site-packages/PyYAML-6.0.1.dist-info/top_level.txt': 'yaml\n',
      '.venv/lib/python3.11/site-packages/yaml/__init__.py': '',
      '.venv/lib/python3.11/site-packages/other-1.0.dist-info/RECORD': 'other/__init__.py,,\n',
      '.venv/lib/python3.11/site-packages/byhand/__init__.py': '',
    },
    moves: [['harness.py', 'import yaml, other\n']],
    stays: ['.venv/lib/python3.11/site-packages/yaml/__init__.py'],
  },
  {
    name: 'what is linked (pip install -e) by content, and what was put there by hand',
    variant: '{ command: [.venv/bin/python, harness.py] }',
    folder: 'exp',
    files: {
      'exp/harness.py': 'import app.core\nimport mapped\nimport byhand\n',
      'exp/.venv/pyvenv.cfg': '',
      'exp/.venv/bin/python': '',
      'exp/.venv/lib/python3.11/site-packages/app.pth': '../../../../../lib/src\n',
      'exp/.venv/lib/python3.11/site-packages/byhand/__init__.py': '',
      'lib/src/app/__init__.py': '',
      'lib/src/app/core.py': '',
      'lib/src/app/other.py': '',
    },
    moves: [
      'lib/src/app/core.py',
      'lib/src/app/__init__.py',
      'exp/.venv/lib/python3.11/site-packages/byhand/__init__.py',
    ],
    stays: ['lib/src/app/other.py'],
  },
  {
    name: 'what was installed from a folder, by the digests of its files',
    variant: '{ command: [.venv/bin/python, harness.py] }',
    files: {
      'harness.py': 'import app\n',
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': '',
      '.venv/lib/python3.11/site-packages/app-1.0.dist-info/direct_url.json':
        '{"url": "file:///x", "dir_info": {}}',
      '.venv/lib/python3.11/site-packages/app-1.0.dist-info/RECORD': 'app/__init__.py,sha256=a,1\n',
    },
    moves: [['.venv/lib/python3.11/site-packages/app-1.0.dist-info/RECORD', 'app/__init__.py,sha256=b,1\n']],
  },
  {
    name: 'what a shell script sources and starts, and what an npm script starts',
    variant: '{ command: [bash, run.sh] }',
    files: {
      'run.sh': `#!/bin/bash
# python3 unused.py
source "$(dirname "$0")/lib/a.sh"
. ./b.sh
if true; then PYTHONPATH=lib exec python3 harness.py --x; fi
(cd deep && node agent.mjs)
npm run more
`,
      'package.json': '{"scripts": {"more": "python3 more.py"}}',
      ...{
        'lib/a.sh': '',
        'b.sh': '',
        'harness.py': 'import x\n',
        'lib/x.py': '',
        'deep/agent.mjs': '',
        'more.py': '',
      },
      ...{ 'unused.py': '' },
    },
    moves: ['run.sh', 'lib/a.sh', 'b.sh', 'harness.py', 'lib/x.py', 'deep/agent.mjs', 'more.py'],
    stays: ['unused.py', 'package.json'],
  },
  {
    name: 'a binary and a program in another language, by their bytes, and files among the options',
    variant: '{ command: [./agent.rb, --config=settings.toml, notes.txt] }',
    files: { 'agent.rb': 'puts 1\n', 'settings.toml': '', 'notes.txt': '', 'other.rb': '' },
    moves: ['agent.rb', 'settings.toml', 'notes.txt'],
    stays: ['other.rb'],
  },
  {
    name: 'a module of the standard library before a folder of its name, and one of ours before it',
    variant: RUN,
    files: {
      'harness.py': 'from logging import handlers\nimport random\n',
      ...{ 'logging/handlers.py': '', 'random.py': '' },
    },
    moves: ['random.py'],
    stays: ['logging/handlers.py'],
  },
  {
    name: 'modules beside what a link to a script leads to',
    variant: '{ command: [python3, run.py] }',
    files: { 'real/harness.py': 'import x\n', 'real/x.py': '', 'x.py': '' },
    links: { 'run.py': 'real/harness.py' },
    moves: ['real/harness.py', 'real/x.py'],
    stays: ['x.py'],
  },
  {
    name: 'tests that unittest looks for',
    variant: '{ command: [python3, -m, unittest, discover, tests] }',
    files: { 'tests/test_a.py': 'import app\n', 'app.py': '' },
    moves: ['tests/test_a.py', 'app.py'],
  },
  {
    name: 'a shell script without an ending, behind sh, and text of a shell that stands in the command',
    variant: `{ command: [sh, -e, go], env: { X: "1" } }`,
    files: {
      go: 'bash -lc "python3 inner.py"\n',
      'inner.py': 'import deep\n',
      'deep.py': '',
      'other.py': '',
    },
    moves: ['go', 'inner.py', 'deep.py'],
    stays: ['other.py'],
  },
];
