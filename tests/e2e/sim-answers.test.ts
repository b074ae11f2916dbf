// What the simulation is told reaches whoever asks for a cell: our own call, a loop, own code, a program, tests.
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { editFile, jsonLines, writeFiles } from '../rig/files.ts';
import { PYTHON_WITH_PYTEST, withoutPytest, withoutPython } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

const ASK = `import json, urllib.request
def ask(base_url, text):
    body = {"model": "sim-small", "messages": [{"role": "user", "content": "In other words: " + text}]}
    request = urllib.request.Request(base_url + "/chat/completions", data=json.dumps(body).encode(), headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["choices"][0]["message"]["content"]
`;

const FILES = {
  'experiment.yaml': `version: 1
name: made
runs: 2
provider: sim
scenarios: [s.yaml]
sim: { answers: answers.yaml }
providers: { sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0 } } }
variants:
  plain: {}
  loop:
    max_turns: 3
    tools: [{ name: look, description: d, parameters: { type: object, properties: {} }, result: seen }]
  own: { use: ./own.ts }
  program: { command: [python3, program.py] }
`,
  's.yaml':
    '- { id: one, input: same words }\n- { id: two, input: same words, category: c }\n- { id: free, input: hello }\n',
  'answers.yaml': `one: [first, second]
two:
  variants:
    loop: { turns: [{ tool_calls: [{ name: look }] }, looked] }
    "*": other
`,
  'own.ts': `export default { run: async ({ client, model, scenario }) => (await client.chat.completions.create({
    model, messages: [{ role: 'user', content: 'In other words: ' + scenario.input }] })).choices[0].message.content };\n`,
  'asking.py': ASK,
  'program.py': `import json, sys
from asking import ask
task = json.load(sys.stdin)
print(json.dumps({"text": ask(task["provider"]["base_url"], task["scenario"]["input"])}))
`,
};

type Line = {
  scenario: string;
  output: { text: string; tool_calls: readonly unknown[] };
  system_fingerprint?: string;
};

function answers(folder: string, variant: string, run: number): { readonly [scenario: string]: string } {
  const lines = jsonLines(path.join(folder, `artifacts/made/runs/${variant}_run${run}.jsonl`)).slice(1);
  return Object.fromEntries(
    (lines as unknown as Line[]).map(({ scenario, output }) => [scenario, output.text]),
  );
}

const run = async (folder: string): Promise<RunSummary> => {
  const { stdout, stderr } = await cli(['run', '--json'], { cwd: folder });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as RunSummary;
};

it.skipIf(withoutPython())(
  'by cell, whatever is asked and however, with two scenarios of the same words',
  async () => {
    const folder = tempFolder();
    writeFiles(folder, FILES);
    expect(await run(folder)).toMatchObject({ executed: 24, failed: 0, simulated: true });
    for (const variant of ['plain', 'own', 'program', 'loop']) {
      const two = variant === 'loop' ? 'looked' : 'other';
      expect(answers(folder, variant, 1), variant).toMatchObject({ one: 'first', two });
      expect(answers(folder, variant, 2), variant).toMatchObject({
        one: variant === 'program' ? 'first' : 'second',
      });
      expect(answers(folder, variant, 1).free, variant).toMatch(/\w/);
    }
  },
);

it.skipIf(withoutPython())('and an edit of it runs again exactly the cells that it is for', async () => {
  const folder = tempFolder();
  writeFiles(folder, FILES);
  await run(folder);
  editFile(path.join(folder, 'answers.yaml'), (text) => text.replace('"*": other', '"*": another'));
  const plan = JSON.parse((await cli(['plan', '--json'], { cwd: folder })).stdout);
  expect([plan.pending, plan.stale]).toEqual([6, 6]);
  expect(plan.pending_tasks[0].reason.changed[0].part).toMatch(/^scenario\.sim_answer/);
  expect(await run(folder)).toMatchObject({ executed: 6 });
  expect(answers(folder, 'own', 1).two).toBe('another');
  // Two names for one thing, and a glob in the place of an id: nothing that is said has changed.
  editFile(path.join(folder, 'answers.yaml'), (text) => text.replace('one:', '"o*":'));
  expect(await run(folder)).toMatchObject({ executed: 0 });
});

it.skipIf(withoutPytest())('and tests of pytest get it by the address that they are told', async () => {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
provider: sim
model: sim-small
scenarios: [s.yaml]
sim: { answers: { one: "from the script", two: "of another" } }
variants: { tests: { pytest: { path: tests, python: ${JSON.stringify(PYTHON_WITH_PYTEST)}, variant_param: null } } }
`.replace(', variant_param: null', ''),
    's.yaml': '- { id: one, input: same words }\n- { id: two, input: same words }\n',
    'tests/asking.py': ASK,
    'tests/test_it.py': `import pytest
from asking import ask
@pytest.mark.parametrize("variant", ["tests"])
@pytest.mark.parametrize("scenario", ["one", "two"])
def test_it(expgraph, scenario, variant):
    expgraph.record(text=ask(expgraph.provider["base_url"], "same words"))
`,
  });
  expect(await run(folder)).toMatchObject({ executed: 2, failed: 0 });
  expect(answers(folder, 'tests', 1)).toEqual({ one: 'from the script', two: 'of another' });
});
