// A little harness of two variants with a src/ layout: the ground of the rows in reach.test.ts.
export const HARNESS: { readonly [file: string]: string } = {
  'pyproject.toml': `[project]
name = "bench"
[tool.pytest.ini_options]
addopts = "-ra --strict-markers -n 2"  # two at a time
pythonpath = ["src"]
markers = ["slow: slow"]
`,
  'src/bench/__init__.py': '',
  'src/bench/models.py': `"""What is talked about."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scenario:
    """One case."""

    id: str
    prompt: str
    description: str = ""
    tags: tuple = ()


@dataclass
class Variant:
    name: str
    prompt: str
    tools: list = field(default_factory=list)
`,
  'src/bench/scenarios.py': `from bench.models import Scenario

GREETING = "Hello"
FIRST = [
    Scenario(id="one", prompt=GREETING + " one", description="The first.", tags=("a",)),
    Scenario(id="two", prompt="Second", description="The second."),
]
ALL = FIRST + [Scenario(id="three", prompt="Third")]
`,
  'src/bench/texts.py': `"""Texts of both."""
SHARED = "Be brief."
ONLY_APP = "You have apps."


def polite(text):
    """Adds a word."""
    return text + " Please."


def app_text(name):
    """For apps only."""
    return polite(ONLY_APP) + name


def never_used():
    return 1
`,
  'src/bench/baseline.py': `from bench.models import Variant
from bench.texts import SHARED, polite


def schedule(title):
    """Schedules a task."""
    return title


VARIANT = Variant(name="baseline", prompt=polite(SHARED), tools=[schedule])
`,
  'src/bench/applike.py': `from bench.models import Variant
from bench.texts import SHARED, app_text


def remind(title):
    """Reminds the user."""
    return title


VARIANT = Variant(name="applike", prompt=app_text(SHARED), tools=[remind])
`,
  'src/bench/registry.py': `from bench import applike, baseline

VARIANTS = {"baseline": baseline.VARIANT, "applike": applike.VARIANT}


def get_variant(name):
    """One of them."""
    return VARIANTS[name]
`,
  'src/bench/runner.py': `"""Asks."""
from bench.models import Scenario


def build(variant, scenario: Scenario):
    """What is sent."""
    return variant.prompt + scenario.prompt
`,
  'tests/conftest.py': `import pytest


@pytest.fixture
def results():
    """Rows."""
    return []
`,
  'tests/test_bench.py': `import pytest

from bench.registry import get_variant
from bench.runner import build
from bench.scenarios import ALL


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.id)
@pytest.mark.parametrize("variant_name", ["baseline", "applike"])
def test_it(variant_name, scenario, results):
    """It works."""
    variant = get_variant(variant_name)
    results.append({"text": build(variant, scenario), "description": scenario.description, "tags": list(scenario.tags)})
`,
};

export const MANIFEST = `version: 1
name: demo
model: m
provider: none
scenarios: [s.yaml]
pytest: { path: tests, variants_from: { param: variant_name } }
variants:
  baseline: {}
  applike: {}
`;

/** Whose keys an edit moves. */
export type Moves = 'all' | 'applike' | 'baseline' | 'none';

export type ReachRow = {
  readonly name: string;
  /** Files that are not as in HARNESS. */
  readonly files?: { readonly [file: string]: string };
  /** Texts of HARNESS that are not as there, before anything is looked at. */
  readonly first?: readonly (readonly [file: string, from: string, to: string])[];
  readonly manifest?: string;
  readonly edits: readonly (readonly [file: string, from: string, to: string, moves: Moves])[];
};
