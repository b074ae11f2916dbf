// Harnesses in which names lead who knows where: what may be read by all counts for all.
import { MANIFEST, type ReachRow } from './reach-harness.ts';

const APP = 'src/bench/applike.py';
const TEST = 'tests/test_bench.py';
const REGISTRY = 'src/bench/registry.py';
const SCENARIOS = 'src/bench/scenarios.py';
const BY_TOOL: ReachRow['edits'][number] = [APP, 'Reminds the user.', 'Rings.', 'all'];

function registry(name: string, text: string, edits: ReachRow['edits'] = [BY_TOOL]): ReachRow {
  return { name, files: { [REGISTRY]: text }, edits };
}

export const SAFE_ROWS: readonly ReachRow[] = [
  registry(
    'a module that is asked for a name',
    'from bench import applike, baseline\n\n\ndef get_variant(name):\n    return getattr(baseline if len(name) > 99 else applike, "VARIANT")\n',
  ),
  registry(
    'a name that is put together, in all modules',
    'import sys\nfrom bench import applike, baseline\n\n\ndef get_variant(name):\n    return sys.modules["bench." + name.lower()].VARIANT\n',
  ),
  registry(
    'a registry that somebody reads as a whole',
    'from bench import applike, baseline\nVARIANTS = {"baseline": baseline.VARIANT, "applike": applike.VARIANT}\n\n\ndef get_variant(name):\n    every = [one.tools for one in VARIANTS.values()]\n    return VARIANTS[name]\n',
  ),
  registry(
    'a name that is not always the variant',
    'from bench import applike, baseline\nVARIANTS = {"baseline": baseline.VARIANT, "applike": applike.VARIANT}\n\n\ndef get_variant(name):\n    return VARIANTS[name]\n\n\ndef other():\n    return get_variant("applike")\n',
  ),
  registry(
    'one variant that falls back on another',
    'from bench import applike, baseline\nVARIANTS = {"baseline": [baseline.VARIANT, applike.VARIANT], "applike": applike.VARIANT}\n\n\ndef get_variant(name):\n    return VARIANTS[name]\n',
  ),
  registry(
    'a name that is written anew before it is used',
    'from bench import applike, baseline\nVARIANTS = {"baseline": baseline.VARIANT, "applike": applike.VARIANT}\n\n\ndef get_variant(name):\n    name = name.strip()\n    return VARIANTS[name]\n',
  ),
  registry(
    'subclasses that are found, and a decorator that appends',
    'from bench import applike, baseline\nEVERY = []\n\n\ndef keep(make):\n    EVERY.append(make)\n    return make\n\n\n@keep\ndef one():\n    return applike.VARIANT\n\n\ndef get_variant(name):\n    return EVERY[0]()\n',
  ),
  registry(
    'classes that a base class keeps',
    'from bench import applike, baseline\n\n\nclass Base:\n    kept = {}\n\n    def __init_subclass__(cls):\n        Base.kept[cls.__name__] = cls\n\n\nclass App(Base):\n    variant = applike.VARIANT\n\n\ndef get_variant(name):\n    return Base.kept["App"].variant\n',
  ),
  {
    name: 'star imports and modules that import each other lead where they lead',
    files: {
      [REGISTRY]:
        'from bench.more import *\n\nHELP = 1\n\n\ndef get_variant(name):\n    return choose(name)\n',
      'src/bench/more.py':
        'from bench.applike import VARIANT as A\nfrom bench.baseline import VARIANT as B\nimport bench.registry\n\n\ndef choose(name):\n    return [A, B][bench.registry.HELP]\n',
    },
    edits: [
      BY_TOOL,
      [REGISTRY, 'HELP = 1', 'HELP = 0', 'all'],
      ['src/bench/more.py', '[A, B]', '[B, A]', 'all'],
    ],
  },
  {
    name: 'a tool that both offer',
    first: [
      ['src/bench/baseline.py', 'tools=[schedule]', 'tools=[schedule, remind]'],
      ['src/bench/baseline.py', 'from bench.models', 'from bench.applike import remind\nfrom bench.models'],
    ],
    edits: [BY_TOOL, [APP, 'app_text(SHARED)', 'app_text("x" + SHARED)', 'applike']],
  },
  {
    name: 'scenarios that are examples of others, too',
    first: [
      [
        'src/bench/runner.py',
        'return variant.prompt',
        'from bench.scenarios import FIRST\n    return str(FIRST[0]) + variant.prompt',
      ],
    ],
    edits: [
      [SCENARIOS, 'prompt="Second"', 'prompt="Another"', 'all'],
      [SCENARIOS, 'GREETING = "Hello"', 'GREETING = "Hi"', 'all'],
      [SCENARIOS, 'prompt="Third"', 'prompt="Fourth"', 'none'],
    ],
  },
  {
    name: 'a function that a scenario carries',
    first: [
      [SCENARIOS, 'FIRST = [', 'def check(text):\n    return bool(text)\n\n\nFIRST = ['],
      [SCENARIOS, 'prompt="Second"', 'prompt="Second", tags=(check,)'],
    ],
    edits: [[SCENARIOS, 'bool(text)', 'len(text) > 1', 'all']],
  },
  {
    name: 'a conftest that puts something in the place of something else',
    first: [
      [
        'tests/conftest.py',
        'import pytest\n',
        'import pytest\n\n\n@pytest.fixture(autouse=True)\ndef patched(monkeypatch):\n    monkeypatch.setattr("bench.applike.VARIANT", 1)\n',
      ],
    ],
    edits: [
      ['tests/conftest.py', '"bench.applike.VARIANT", 1', '"bench.applike.VARIANT", 2', 'all'],
      BY_TOOL,
    ],
  },
  {
    name: 'docstrings that somebody reads',
    first: [['src/bench/runner.py', 'return variant.prompt', 'return build.__doc__ + variant.prompt']],
    edits: [
      ['src/bench/runner.py', 'What is sent.', 'All that is sent.', 'all'],
      ['src/bench/texts.py', 'For apps only.', 'Of apps.', 'applike'],
    ],
  },
  {
    name: 'statements that run when a module is imported',
    first: [[APP, 'VARIANT =', 'import os\nos.environ["X"] = "1"\n\nVARIANT =']],
    edits: [[APP, '"X"] = "1"', '"X"] = "2"', 'all']],
  },
  {
    name: 'a function of one variant that changes what both read',
    first: [
      [
        'src/bench/texts.py',
        'def app_text(name):',
        'WORDS = []\n\n\ndef app_text(name):\n    WORDS.append(1)',
      ],
      ['src/bench/texts.py', 'return text + " Please."', 'return text + " Please." + str(WORDS)'],
    ],
    edits: [['src/bench/texts.py', 'WORDS.append(1)', 'WORDS.append(2)', 'all']],
  },
  {
    name: 'what is imported from elsewhere',
    first: [['src/bench/texts.py', 'SHARED = ', 'from json import dumps\n\nSHARED = dumps("") + ']],
    edits: [['src/bench/texts.py', 'from json import dumps', 'from pickle import dumps', 'all']],
  },
  {
    name: 'a variant that is an object, compared with its name',
    first: [
      [TEST, '["baseline", "applike"]', '[applike.VARIANT, baseline.VARIANT]'],
      [TEST, 'from bench.registry', 'from bench import applike, baseline\nfrom bench.registry'],
      [
        REGISTRY,
        'return VARIANTS[name]',
        'return VARIANTS["baseline"] if name == "applike" else VARIANTS["applike"]',
      ],
    ],
    edits: [BY_TOOL],
  },
  {
    name: 'values with marks, and a name of parameters that is put together',
    first: [[TEST, '"scenario", ALL', '"scen" + "ario", ALL']],
    edits: [[SCENARIOS, 'prompt="Second"', 'prompt="Another"', 'all']],
  },
  {
    name: 'types that are written as texts',
    first: [
      [
        'src/bench/runner.py',
        'def build(variant, scenario: Scenario):',
        'class Args:\n    size = 1\n\n\ndef build(variant, scenario: "Args"):',
      ],
    ],
    edits: [['src/bench/runner.py', 'size = 1', 'size = 2', 'all']],
  },
  {
    name: 'a decorator of the project that may hand on another name',
    first: [
      [
        REGISTRY,
        'def get_variant',
        'def other(make):\n    return lambda name: make("applike")\n\n\n@other\ndef get_variant',
      ],
    ],
    edits: [BY_TOOL],
  },
  {
    name: 'values that carry marks',
    first: [
      [SCENARIOS, 'from bench', 'import pytest\nfrom bench'],
      [
        SCENARIOS,
        'Scenario(id="three", prompt="Third")',
        'pytest.param(Scenario(id="three", prompt="Third"), marks=pytest.mark.slow(level=1))',
      ],
    ],
    edits: [[SCENARIOS, 'level=1', 'level=2', 'all']],
  },
  {
    name: 'a module that makes its names when it is asked',
    files: {
      'src/bench/lazy.py':
        'def __getattr__(name):\n    from bench import applike\n    return applike.VARIANT\n',
      [REGISTRY]: 'from bench.lazy import ANYTHING\n\n\ndef get_variant(name):\n    return ANYTHING\n',
    },
    edits: [BY_TOOL],
  },
  {
    name: 'a parameter that goes through a fixture of its name',
    first: [
      [TEST, '["baseline", "applike"])', '["baseline", "applike"], indirect=True)'],
      [
        'tests/conftest.py',
        'import pytest\n',
        'import pytest\n\n\n@pytest.fixture\ndef variant_name(request):\n    return {"baseline": "applike"}.get(request.param, request.param)\n',
      ],
    ],
    edits: [BY_TOOL, ['tests/conftest.py', '{"baseline": "applike"}', '{}', 'all']],
  },
  {
    name: 'another test of the same file',
    first: [[TEST, 'def test_it(', 'def test_other():\n    assert get_variant("applike")\n\n\ndef test_it(']],
    edits: [[TEST, 'test_other():\n    assert', 'test_other():\n    return', 'all'], BY_TOOL],
  },
  {
    name: 'variants by a marker, read who knows how',
    manifest: MANIFEST.replace('{ param: variant_name }', '{ marker: arm }'),
    first: [
      [TEST, '@pytest.mark.parametrize("variant_name", ["baseline", "applike"])\n', ''],
      [TEST, 'variant_name, scenario', 'request, scenario'],
      [TEST, 'get_variant(variant_name)', 'get_variant(request.node.get_closest_marker("arm").args[0])'],
    ],
    edits: [BY_TOOL],
  },
  {
    name: 'a registry that is filled by statements',
    files: {
      [REGISTRY]:
        'from bench import applike, baseline\n\nVARIANTS = {}\nfor one in (applike, baseline):\n    VARIANTS[one.VARIANT.name] = one.VARIANT\n\n\ndef get_variant(name):\n    return VARIANTS[name]\n',
    },
    edits: [BY_TOOL],
  },
  {
    name: 'an entry that is put in the place of another',
    first: [
      [REGISTRY, '\n\n\ndef get_variant', '\nVARIANTS["baseline"] = applike.VARIANT\n\n\ndef get_variant'],
    ],
    edits: [BY_TOOL],
  },
  {
    name: 'functions that are found by their names in the module itself',
    files: {
      [REGISTRY]:
        'from bench import applike, baseline\n\n\ndef make_baseline():\n    return applike.VARIANT\n\n\ndef get_variant(name):\n    return globals()["make_baseline"]()\n',
    },
    edits: [BY_TOOL, [REGISTRY, 'return applike.VARIANT', 'return baseline.VARIANT', 'all']],
  },
  {
    name: 'modules that stand for classes of a caller',
    files: {
      [REGISTRY]:
        'from bench import applike, baseline\n\nMODULES = [baseline, applike]\n\n\ndef get_variant(name):\n    return [one.VARIANT for one in MODULES if one.VARIANT.name == name][0]\n',
    },
    edits: [BY_TOOL],
  },
  {
    name: 'folders without __init__.py, by their whole names',
    files: {
      'src/more/applike.py': 'VARIANT = "applike of more"\n',
      'src/more/choose.py':
        'import more.applike\n\n\ndef get_variant(name):\n    return more.applike.VARIANT\n',
      [REGISTRY]:
        'import more.choose\n\n\ndef get_variant(name):\n    return more.choose.get_variant("applike") or more.choose.get_variant(name)\n',
    },
    first: [['src/more/choose.py', 'return more', 'return name == "applike" or more']],
    edits: [['src/more/applike.py', 'applike of more', 'another', 'all']],
  },
];
