// Every kind of variant is traced: own code with its own spans under the root, tool loops with their turns and tools,
// programs and tests with their root.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

test('own code, a loop and a program', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: `runs: 2
provider: sim
system: Today is 2026-02-15.
variants:
  own: { use: ./own.ts }
  loop: { max_turns: 3, tools: [{ name: create_event, parameters: { type: object }, result: ok }] }
  program: { command: [node, program.mjs] }`,
    scenarios: ['dentist'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: {
      'scenarios.yaml': '- { id: dentist, category: sanity, input: "Dentist tomorrow at 3pm for an hour." }',
      'own.ts': `import { traceable } from 'langsmith/traceable';
        const look = traceable(async (id: string) => 'free on ' + id, { name: 'look', run_type: 'retriever' });
        export default { async run({ client, model, messages, scenario }) {
          const free = await look(scenario.id);
          const { choices } = await client.chat.completions.create({ model, messages });
          return (choices[0].message.content ?? '') + free;
        } };`,
      'program.mjs': "process.stdin.on('data', () => {}).on('end', () => console.log('\"from a program\"'));",
    },
  });
  mkdirSync(path.join(made.folder, 'node_modules'));
  symlinkSync(path.join(ROOT, 'node_modules/langsmith'), path.join(made.folder, 'node_modules/langsmith'));
  const { code, stderr } = await made.run('run', '--langsmith-flush', '30s');
  expect(code, stderr).toBe(0);
  expect(recorder.check()).toMatchObject({ roots: 6, orphans: 0, unended: 0 });
  expect(recorder.tags()).toMatchObject({
    'variant:own': 2,
    'variant:loop': 2,
    'variant:program': 2,
    'run:1': 3,
  });
  const runs = [...recorder.runs.values()];
  const childrenOf = (variant: string): readonly (readonly string[])[] =>
    recorder
      .roots()
      .filter(({ tags }) => (tags as readonly string[] | undefined)?.includes(`variant:${variant}`))
      .map(({ id }) =>
        runs
          .filter(({ parent_run_id: parent }) => parent === id)
          .map(({ name, run_type: type }) => `${name} ${type}`)
          .sort(),
      );
  expect(childrenOf('own')).toEqual(Array(2).fill(['look retriever', 'sim-small llm']));
  expect(childrenOf('loop')).toEqual(Array(2).fill(['create_event tool', 'sim-small llm', 'sim-small llm']));
  expect(childrenOf('program')).toEqual([[], []]);
  const { dentist } = made.records('program', 2);
  const root = recorder.runs.get(dentist.trace.langsmith_run_id)!;
  expect(root).toMatchObject({ name: 'dentist', outputs: { text: 'from a program' } });
});

test.skipIf(withoutPytest())('tests of pytest, each with the time that it took', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: `pytest: { path: test_it.py, python: ${PYTHON_WITH_PYTEST} }\nvariants: { a: {}, b: {} }`,
    scenarios: ['one', 'two'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: {
      'test_it.py': `import time, pytest
@pytest.mark.parametrize("scenario", ["one", "two"])
@pytest.mark.parametrize("variant", ["a", "b"])
def test_it(variant, scenario, expgraph):
    time.sleep(0.1)
    expgraph.record("said " + scenario)
    if scenario == "two" and variant == "b":
        {}["gone"]
`,
    },
  });
  expect((await made.run('run', '--langsmith-flush', '30s')).code).toBe(1);
  expect(recorder.check()).toMatchObject({ roots: 4, orphans: 0, unended: 0 });
  const byName = Object.fromEntries(recorder.roots().map((root) => [`${root.tags} ${root.name}`, root]));
  const ended = Object.values(byName).map(
    ({ start_time: start, end_time: end }) => Date.parse(String(end)) - Date.parse(String(start)),
  );
  expect(Math.min(...ended)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...ended)).toBeLessThan(3_000);
  const failed = recorder.roots().filter(({ error }) => error);
  expect(failed.map(({ error }) => String(error))).toEqual([expect.stringContaining("KeyError: 'gone'")]);
});
