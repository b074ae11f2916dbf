// From Inspect and pytest: a dataset with targets, then tests that are there already and whose assertions fail.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

const TESTS = `import pytest

@pytest.mark.parametrize("model", ["small", "large"])
@pytest.mark.parametrize("city", ["Paris", "Rome"])
def test_capital(model, city, expgraph):
    expgraph.record(text=f"{model} says {city}")
    assert city == "Paris", f"{city} is not asked for"
`;

export async function fromInspect(walk: Walk): Promise<void> {
  await walk.type('npx expgraph init --template dataset bench');
  await walk.type('npx expgraph -C bench run');
  await walk.type('npx expgraph -C bench show --not-passed');
  await walk.type('npx expgraph -C bench export --format inspect -o logs');

  walk.write('harness/tests/test_capital.py', TESTS);
  await walk.type('npx expgraph -C harness init --from-pytest --variants-from param:model');
  const run = await walk.type('npx expgraph -C harness run');
  // The outcome of a test is a verdict.
  assert.match(run.stdout, /6 of 12 passed|3 of 6/);
  assert.match(run.stdout, /Rome is not asked for/);
  await walk.type('npx expgraph -C harness export --format junit -o results.xml');
  await walk.type('npx expgraph -C harness compare');
  await walk.type('npx expgraph -C harness run --fail-under 0.9', { code: 6 });
}
