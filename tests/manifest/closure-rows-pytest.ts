// Little harnesses in pytest.
import type { ClosureRow } from './closure-row.ts';

const RUN = '{ pytest: { path: tests } }';
const TEST = 'def test_a(variant): pass\n';

export const PYTEST_ROWS: readonly ClosureRow[] = [
  {
    name: 'each file of tests with what it imports, and no other file beside it',
    variant: RUN,
    files: { 'tests/test_a.py': `import helper\n${TEST}`, 'tests/helper.py': '', 'tests/unused.py': '' },
    moves: ['tests/test_a.py', 'tests/helper.py'],
    stays: ['tests/unused.py'],
  },
  {
    name: 'every conftest.py and the settings up to the root, above the experiment, too',
    variant: RUN,
    folder: 'exp',
    files: {
      'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-q"\n',
      ...{
        'conftest.py': 'import shared\n',
        'shared.py': '',
        'exp/conftest.py': '',
        'exp/tests/conftest.py': '',
      },
      ...{ 'exp/tests/deep/conftest.py': '', 'exp/tests/deep/test_a.py': TEST, 'exp/other/conftest.py': '' },
    },
    moves: [
      'pyproject.toml',
      'conftest.py',
      'shared.py',
      'exp/conftest.py',
      'exp/tests/conftest.py',
      'exp/tests/deep/conftest.py',
    ],
    stays: ['exp/other/conftest.py'],
  },
  {
    name: 'of pyproject.toml, tox.ini and setup.cfg the part that is of pytest',
    variant: RUN,
    files: {
      'tests/test_a.py': TEST,
      'pyproject.toml':
        '[project]\nname = "x"\n[tool.pytest.ini_options]\nmarkers = ["a"]\n[tool.ruff]\nline-length = 80\n',
      'setup.cfg': '[metadata]\nname = x\n[tool:pytest]\nxfail_strict = true\n',
      'tox.ini': '[tox]\nenvlist = a\n',
      'pytest.ini': '[pytest]\n',
    },
    moves: [
      [
        'pyproject.toml',
        '[project]\nname = "x"\n[tool.pytest.ini_options]\nmarkers = ["b"]\n[tool.ruff]\nline-length = 80\n',
      ],
      ['setup.cfg', '[metadata]\nname = x\n[tool:pytest]\nxfail_strict = false\n'],
      ['tox.ini', '[tox]\nenvlist = a\n[pytest]\naddopts = -x\n'],
      'pytest.ini',
    ],
    stays: [
      [
        'pyproject.toml',
        '[project]\nname = "y"\n[tool.pytest.ini_options]\nmarkers = ["a"]\n[tool.ruff]\nline-length = 90\n',
      ],
      ['setup.cfg', '[metadata]\nname = y\n[tool:pytest]\nxfail_strict = true\n'],
      ['tox.ini', '[tox]\nenvlist = b\n'],
    ],
  },
  {
    name: 'modules of a src folder, and of the folders that pythonpath names',
    variant: RUN,
    files: {
      'pytest.ini': '[pytest]\npythonpath = lib\n  more\n',
      'tests/test_a.py': `import app.core\nimport a\nimport b\n${TEST}`,
      ...{
        'src/app/__init__.py': '',
        'src/app/core.py': '',
        'src/app/unused.py': '',
        'lib/a.py': '',
        'more/b.py': '',
      },
    },
    moves: ['src/app/core.py', 'src/app/__init__.py', 'lib/a.py', 'more/b.py'],
    stays: ['src/app/unused.py'],
  },
  {
    name: 'tests under the names that the settings give them',
    variant: RUN,
    files: {
      'pytest.ini': '[pytest]\npython_files = check_*.py\n',
      'tests/check_a.py': TEST,
      'tests/test_b.py': TEST,
    },
    moves: ['tests/check_a.py'],
    stays: ['tests/test_b.py'],
  },
  {
    name: 'plugins that -p, addopts and pytest_plugins name',
    variant: '{ pytest: { path: tests, args: [-p, plug.one] } }',
    files: {
      'pytest.ini': '[pytest]\naddopts = -p plug.two\n',
      'conftest.py': 'pytest_plugins = ["plug.three"]\n',
      ...{
        'tests/test_a.py': TEST,
        'plug/one.py': '',
        'plug/two.py': '',
        'plug/three.py': '',
        'plug/four.py': '',
      },
    },
    moves: ['plug/one.py', 'plug/two.py', 'plug/three.py'],
    stays: ['plug/four.py'],
  },
  {
    name: 'the same where pytest is the program of a command',
    variant: '{ command: [python3, -m, pytest, tests, -q] }',
    files: {
      'conftest.py': '',
      'tests/test_a.py': `import helper\n${TEST}`,
      'tests/helper.py': '',
      'tests/unused.py': '',
    },
    moves: ['conftest.py', 'tests/test_a.py', 'tests/helper.py'],
    stays: ['tests/unused.py'],
  },
  {
    name: 'imports of tests that lie in a package, from above its outermost __init__.py',
    variant: RUN,
    files: {
      ...{
        'tests/__init__.py': '',
        'tests/unit/__init__.py': '',
        'tests/helper.py': '',
        'tests/unit/other.py': '',
      },
      'tests/unit/test_a.py': `from tests.helper import x\nfrom . import other\n${TEST}`,
    },
    moves: ['tests/__init__.py', 'tests/helper.py', 'tests/unit/other.py'],
  },
  {
    name: 'what a test patches by its name',
    variant: RUN,
    files: {
      'tests/test_a.py': `from unittest.mock import patch\n@patch("app.core.run")\n${TEST}`,
      ...{ 'app/__init__.py': '', 'app/core.py': '', 'app/other.py': '' },
    },
    moves: ['app/core.py'],
    stays: ['app/other.py'],
  },
];
