// Edits whose reach can be told.
import { MANIFEST, type ReachRow } from './reach-harness.ts';

const APP = 'src/bench/applike.py';
const TEST = 'tests/test_bench.py';
const REGISTRY = 'src/bench/registry.py';

export const REACH_ROWS: readonly ReachRow[] = [
  {
    name: 'a registry that is a dict by names',
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      [APP, 'def remind(title)', 'def remind(title, when=None)', 'applike'],
      ['src/bench/baseline.py', 'Schedules a task.', 'Plans.', 'baseline'],
      ['src/bench/texts.py', 'You have apps.', 'You have an app.', 'applike'],
      ['src/bench/texts.py', 'polite(ONLY_APP) + name', 'name + polite(ONLY_APP)', 'applike'],
      ['src/bench/texts.py', 'text + " Please."', '"Please. " + text', 'all'],
      ['src/bench/texts.py', 'Be brief.', 'Be long.', 'all'],
      ['src/bench/texts.py', 'return 1', 'return 2', 'none'],
      ['src/bench/runner.py', 'variant.prompt + scenario.prompt', 'scenario.prompt + variant.prompt', 'all'],
      ['src/bench/models.py', 'tools: list =', 'tools: object =', 'all'],
      [REGISTRY, '"applike": applike.VARIANT', '"applike": baseline.VARIANT', 'applike'],
      [REGISTRY, '"applike": applike.VARIANT', '"applike": applike.VARIANT, "new": baseline.VARIANT', 'none'],
      [REGISTRY, 'return VARIANTS[name]', 'return VARIANTS[name] or None', 'all'],
    ],
  },
  {
    name: 'comments, formatting and docstrings that nobody reads move nothing',
    edits: [
      ['src/bench/texts.py', 'SHARED = "Be brief."', "# a note\nSHARED = ('Be '\n   'brief.')", 'none'],
      ['src/bench/texts.py', 'Adds a word.', 'Adds one word.', 'none'],
      ['src/bench/texts.py', '"""Texts of both."""', '"""Texts."""', 'none'],
      ['src/bench/models.py', 'One case.', 'A case.', 'none'],
      ['src/bench/runner.py', '"""Asks."""\n', '"""Asks a model."""\n\n\n', 'none'],
      ['src/bench/runner.py', 'What is sent.', 'All that is sent.', 'none'],
      ['tests/conftest.py', 'Rows.', 'All rows.', 'none'],
      [TEST, 'It works.', 'It does.', 'none'],
    ],
  },
  {
    name: 'where scenarios come from is told by pytest',
    edits: [
      ['src/bench/scenarios.py', 'prompt="Second"', 'prompt="Another"', 'none'],
      ['src/bench/scenarios.py', 'GREETING = "Hello"', 'GREETING = "Hi"', 'none'],
      ['src/bench/scenarios.py', 'FIRST + [', 'FIRST + [Scenario(id="four", prompt="4"), ', 'none'],
      ['src/bench/scenarios.py', 'The first.', 'Number one.', 'none'],
      [TEST, 'ALL, ids', 'ALL[:2], ids', 'none'],
      [TEST, '["baseline", "applike"]', '["baseline", "applike", "third"]', 'none'],
    ],
  },
  {
    name: 'settings of pytest as they are read',
    edits: [
      ['pyproject.toml', ' -n 2', ' -n 4 --count 3 --reruns=2 -k x -vv', 'none'],
      ['pyproject.toml', '"-ra --strict-markers -n 2"  # two at a time', '"--strict-markers"', 'none'],
      ['pyproject.toml', '--strict-markers', '--strict-markers -W error', 'all'],
      ['pyproject.toml', '--strict-markers', '--strict-markers --temperature 1', 'all'],
      [
        'pyproject.toml',
        'pythonpath = ["src"]\nmarkers = ["slow: slow"]',
        'markers = [\n  "slow: slow",\n]\npythonpath = ["src"]',
        'none',
      ],
      ['pyproject.toml', '[project]', '[project]\nversion = "2"', 'none'],
      ['tests/conftest.py', 'return []', 'return [1]', 'all'],
    ],
  },
  {
    name: 'the mapping, the label and how many run are not the draw',
    edits: [
      ['experiment.yaml', 'model: m', 'model: other\ntemperature: 0.3\nseed: 4', 'none'],
      ['experiment.yaml', 'path: tests,', 'path: tests, collect: "out/*.jsonl",', 'none'],
      ['experiment.yaml', 'path: tests,', 'path: tests, batch: 3,', 'none'],
      ['experiment.yaml', 'path: tests,', 'path: tests, args: [-n, "4", --dist=load, -k, one, -q],', 'none'],
      ['experiment.yaml', 'path: tests,', 'path: tests, args: [-W, error],', 'all'],
      ['experiment.yaml', 'path: tests,', 'path: tests, args: [-p, other],', 'all'],
      ['experiment.yaml', 'path: tests,', 'path: tests, env: { MODE: fast },', 'all'],
      ['experiment.yaml', 'path: tests,', 'path: "tests/test_bench.py::test_it",', 'none'],
    ],
  },
  {
    name: 'a test that asks for the settings is told the model',
    first: [[TEST, 'scenario, results)', 'scenario, results, expgraph)']],
    edits: [
      ['experiment.yaml', 'model: m', 'model: other', 'all'],
      ['experiment.yaml', 'model: m', 'model: m\ntemperature: 0.3', 'all'],
      ['experiment.yaml', 'path: tests,', 'path: tests, collect: "out/*.jsonl",', 'none'],
    ],
  },
  {
    name: 'branches by the name of the variant',
    files: {
      [REGISTRY]: `from bench import baseline
from bench.models import Variant


def get_variant(name):
    if name == "applike":
        from bench import applike
        return applike.VARIANT
    return baseline.VARIANT
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      ['src/bench/baseline.py', 'Schedules a task.', 'Plans.', 'baseline'],
    ],
  },
  {
    name: 'a match, and a conditional expression, by the name of the variant',
    files: {
      [REGISTRY]: `from bench import applike, baseline


def get_variant(name):
    tools = applike.remind if name in ("applike",) else baseline.schedule
    match name:
        case "applike":
            return applike.VARIANT
        case _:
            return baseline.VARIANT
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      ['src/bench/baseline.py', 'Schedules a task.', 'Plans.', 'baseline'],
    ],
  },
  {
    name: 'a list of objects with names',
    files: {
      [REGISTRY]: `from bench import applike, baseline

VARIANTS = [baseline.VARIANT, applike.VARIANT]


def get_variant(name):
    return next(one for one in VARIANTS if one.name == name)
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      [REGISTRY, 'baseline.VARIANT, applike.VARIANT]', 'applike.VARIANT, baseline.VARIANT]', 'none'],
    ],
  },
  {
    name: 'a registry that decorators fill',
    files: {
      [REGISTRY]: `REGISTRY = {}


def register(name):
    def keep(make):
        REGISTRY[name] = make
        return make
    return keep


def get_variant(name):
    return REGISTRY[name]()


@register("baseline")
def make_baseline():
    from bench import baseline
    return baseline.VARIANT


@register("applike")
def make_applike():
    from bench import applike
    return applike.VARIANT
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      [REGISTRY, '    return applike.VARIANT', '    return applike.VARIANT or None', 'applike'],
      [REGISTRY, 'REGISTRY[name] = make', 'REGISTRY[name] = keep and make', 'all'],
    ],
  },
  {
    name: 'a module by the name of the variant',
    files: {
      [REGISTRY]: `import importlib


def get_variant(name):
    return importlib.import_module(f"bench.{name}").VARIANT
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      ['src/bench/baseline.py', 'Schedules a task.', 'Plans.', 'baseline'],
    ],
  },
  {
    name: 'a fixture that is given the name, tests in classes, variants of an environment',
    first: [
      [TEST, '    variant = get_variant(variant_name)\n', ''],
      [
        TEST,
        'def test_it(variant_name, scenario, results)',
        'def test_it(variant_name, variant, scenario, results)',
      ],
      [
        'tests/conftest.py',
        'import pytest\n',
        'import pytest\nfrom bench.registry import VARIANTS\n\n\n@pytest.fixture\ndef variant(variant_name):\n    return VARIANTS[variant_name]\n',
      ],
    ],
    edits: [[APP, 'Reminds the user.', 'Rings.', 'applike']],
  },
  {
    name: 'variants by the environment',
    manifest: MANIFEST.replace('{ param: variant_name }', '{ env: LEG }'),
    first: [
      [TEST, '@pytest.mark.parametrize("variant_name", ["baseline", "applike"])\n', ''],
      [TEST, 'variant_name, scenario', 'scenario'],
      [TEST, 'get_variant(variant_name)', 'get_variant(os.environ["LEG"])'],
      [TEST, 'import pytest\n', 'import os\n\nimport pytest\n'],
    ],
    edits: [[APP, 'Reminds the user.', 'Rings.', 'applike']],
  },
  {
    name: 'tests in a class, with a parameter on the class',
    files: {
      [TEST]: `import pytest

from bench.registry import get_variant
from bench.runner import build
from bench.scenarios import ALL


@pytest.mark.parametrize("variant_name", ["baseline", "applike"])
class TestIt:
    """Cases."""

    @pytest.mark.parametrize("scenario", ALL)
    def test_it(self, variant_name, scenario):
        """It works."""
        assert build(get_variant(variant_name), scenario)
`,
    },
    edits: [
      [APP, 'Reminds the user.', 'Rings.', 'applike'],
      [TEST, 'It works.', 'It does.', 'none'],
      [TEST, '"""Cases."""', '"""All."""', 'none'],
      ['src/bench/scenarios.py', 'prompt="Second"', 'prompt="Another"', 'none'],
    ],
  },
  {
    name: 'a fixture with parameters that gives the name of the variant',
    first: [
      [TEST, '@pytest.mark.parametrize("variant_name", ["baseline", "applike"])\n', ''],
      [
        'tests/conftest.py',
        'import pytest\n',
        'import pytest\n\n\n@pytest.fixture(params=["baseline", "applike"])\ndef variant_name(request):\n    return request.param\n',
      ],
    ],
    edits: [[APP, 'Reminds the user.', 'Rings.', 'applike']],
  },
  {
    name: 'a parameter that is an object, one of a list of variants with names',
    first: [
      [
        TEST,
        '"variant_name", ["baseline", "applike"]',
        '"variant_name", [baseline.VARIANT, applike.VARIANT]',
      ],
      [TEST, 'from bench.registry import get_variant', 'from bench import applike, baseline'],
      [TEST, 'get_variant(variant_name)', 'variant_name'],
    ],
    edits: [[APP, 'Reminds the user.', 'Rings.', 'applike']],
  },
  {
    name: 'a function that loads the scenarios',
    first: [
      [
        'src/bench/scenarios.py',
        'ALL = FIRST + [Scenario(id="three", prompt="Third")]',
        'def load():\n    return [Scenario(**one) for one in rows()]\n\n\ndef rows():\n    return [{"id": "one", "prompt": "1"}]\n\n\nALL = load()',
      ],
    ],
    edits: [
      ['src/bench/scenarios.py', '"prompt": "1"', '"prompt": "2"', 'none'],
      ['src/bench/scenarios.py', 'for one in rows()', 'for one in rows()[:1]', 'none'],
    ],
  },
  {
    name: 'a function that is handed the name, through others that hand it on',
    files: {
      [REGISTRY]: `from functools import lru_cache
from bench import applike, baseline


@lru_cache
def prompt_of(name):
    return applike.VARIANT if name == "applike" else baseline.VARIANT


def get_variant(which):
    return prompt_of(name=which)
`,
    },
    edits: [[APP, 'Reminds the user.', 'Rings.', 'applike']],
  },
];
