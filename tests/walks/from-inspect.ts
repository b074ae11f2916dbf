// From Inspect and pytest: a dataset with targets, its log for Inspect's viewer, then tests that are there already and whose assertions fail.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Walk } from './walk.ts';

const TASK = `from inspect_ai import Task, task

@task
def capitals():
    return Task(dataset=json_dataset("capitals.jsonl"), solver=generate(), scorer=includes())
`;

const CAPITALS =
  '{"input": "Capital of France?", "target": "Paris"}\n{"input": "Capital of Italy?", "target": "Rome"}\n';

const TESTS = `import pytest

@pytest.mark.parametrize("model", ["small", "large"])
@pytest.mark.parametrize("city", ["Paris", "Rome"])
def test_capital(model, city, expgraph):
    expgraph.record(text=f"{model} says {city}")
    assert city == "Paris", f"{city} is not asked for"
`;

export async function fromInspect(walk: Walk): Promise<void> {
  walk.write('task.py', TASK);
  const theirs = await walk.type('npx expgraph plan -f task.py', { code: 2 });
  assert.match(theirs.stderr, /npx expgraph init --from-inspect FILE/);
  walk.write('capitals.jsonl', CAPITALS);
  const made = await walk.type('npx expgraph init capitals --from-inspect task.py');
  assert.match(made.stdout, /1 variant x 2 scenarios, judged by expect/);
  await walk.type('npx expgraph -C capitals run');

  await walk.type('npx expgraph init --template dataset bench');
  const drawn = await walk.type('npx expgraph -C bench run');
  assert.match(drawn.stdout, /\d+ of \d+/);
  await walk.type('npx expgraph -C bench show --not-passed');
  await walk.type('npx expgraph -C bench export --format inspect -o logs');
  const logs = readdirSync(walk.in('bench/logs')).filter((name) => name.endsWith('.json'));
  assert.ok(logs.length > 0);
  for (const name of logs) {
    const log = JSON.parse(readFileSync(walk.in(`bench/logs/${name}`), 'utf8'));
    assert.deepEqual([log.version, log.status], [2, 'success']);
    assert.ok(log.samples.length > 0 && log.results.scores.length > 0);
  }

  walk.write('harness/tests/test_capital.py', TESTS);
  await walk.type('npx expgraph -C harness init --from-pytest --variants-from param:model');
  const run = await walk.type('npx expgraph -C harness run');
  // The outcome of a test is a verdict, with the assertion as its reason.
  assert.match(run.stdout, /outcome/);
  assert.match(run.stdout, /of \d+ cells did not pass/);
  assert.match(run.stdout, /Rome is not asked for/);
  assert.doesNotMatch(run.stdout, /Paris is not asked for/);
  await walk.type('npx expgraph -C harness export --format junit -o results.xml');
  const junit = readFileSync(walk.in('harness/results.xml'), 'utf8');
  assert.match(junit, /<failure [^>]*Rome is not asked for/);
  const compared = await walk.type('npx expgraph -C harness compare');
  assert.match(compared.stdout, /outcome/);
  const gate = await walk.type('npx expgraph -C harness run --fail-under 0.9', { code: 6 });
  assert.match(gate.stdout + gate.stderr, /0\.5/);
}
