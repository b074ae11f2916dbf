// An endpoint that refuses what it said itself: the real program, what it says of it, and what it keeps.
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { harnessRun } from '../rig/harness.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { refusal, startStrictServer } from '../rig/strict-server.ts';

const SAID = {
  ...{ content: '', reasoning_content: 'hm' },
  tool_calls: [{ id: '', type: 'function', function: { name: 'now', arguments: '' } }],
};

/** It wants its thoughts back, takes no id twice, and gives neither role nor id itself. */
const strict = () =>
  startStrictServer({
    answer: (_, turn) =>
      turn > 2
        ? chatAnswer('done')
        : chatAnswer('', { choices: [{ message: SAID, finish_reason: 'tool_calls' }] }),
    refuse: ({ messages }) => {
      const said = (messages as JsonObject[]).filter(({ role }) => role !== 'user' && role !== 'tool');
      const ids = said.flatMap(({ tool_calls: calls }) => (calls as JsonObject[]).map(({ id }) => id));
      if (said.some(({ role }) => role !== 'assistant')) return refusal("'role' is a required property");
      if (new Set(ids).size < ids.length || ids.includes('')) return refusal('tool call ids must be unique');
      if (said.some((one) => !one.reasoning_content))
        return refusal('the reasoning_content must be passed back');
      return null;
    },
  });

const manifest = (url: string, more = ''): string =>
  [
    'provider: mine\nmodel: m\nmax_turns: 4\nvariants: { loop: { tools: [{ name: now, result: noon }] } }',
    'scorers: [tool_calls]\nexecution: { concurrency: 1, workers: 1 }',
    `providers: { mine: { type: openai, base_url: "${url}"${more} } }`,
  ].join('\n');
const SCENARIOS = ['one', 'two']
  .map(
    (id) =>
      `- { id: ${id}, input: "what time is it, ${id}?", expect: { tool_calls: [{ name: now, arguments: {} }, { name: now }] } }\n`,
  )
  .join('');

it('says back what is demanded after one refusal, says so once with the line to add, and keeps how it was', async () => {
  await using server = await strict();
  const made = harnessRun({ manifest: manifest(server.url), files: { 'scenarios.yaml': SCENARIOS } });
  const { code, stderr, stdout } = await made.run('run');
  expect(code).toBe(0);
  // Three turns of two scenarios, and one refused call.
  expect(server.bodies).toHaveLength(7);
  const told = stderr + stdout;
  expect(told.match(/warning: mine refused what a tool loop says back/g)).toHaveLength(1);
  expect(told).toContain('the reasoning_content must be passed back');
  expect(told).toContain('providers: { mine: { echo: [reasoning_content] } }');
  const { one, two } = made.records('loop');
  for (const record of [one, two]) {
    expect(record.attempts).toHaveLength(1);
    expect(record.usage.total_tokens).toBe(15);
    expect(record.output.tool_calls).toEqual([
      { id: 'call00001', name: 'now', arguments: {} },
      { id: 'call00002', name: 'now', arguments: {} },
    ]);
    expect(record.turns.map(({ repaired }: JsonObject) => repaired ?? null)).toEqual([
      null,
      ['reasoning_content'],
      ['reasoning_content'],
    ]);
    // As the server said it.
    expect(record.output.messages[0]).toEqual(SAID);
  }
  expect((await made.run('show', 'loop/one/1')).stdout).toMatch(
    /^2 {2}.*; said back with reasoning_content$/m,
  );

  const set = harnessRun({
    manifest: manifest(server.url, ', echo: [reasoning_content]'),
    files: { 'scenarios.yaml': SCENARIOS },
  });
  const asked = server.bodies.length;
  const again = await set.run('run');
  expect(server.bodies.length - asked).toBe(6);
  expect(again.stderr + again.stdout).not.toContain('refused');
  // What is said back is how a server is spoken to, not what is asked.
  expect(set.records('loop').one.key).toBe(one.key);
  expect(set.records('loop').one.turns[1].repaired).toBeUndefined();
});

it.each([
  ['echo: reasoning_content', 'list'],
  ['echo: ["not a name"]', 'echo'],
])('a setting that is none is a mistake with its place: %s', async (setting, word) => {
  const made = harnessRun({ manifest: manifest('http://127.0.0.1:1/v1', `, ${setting}`) });
  const { code, stderr } = await made.run('plan');
  expect(code).toBe(2);
  expect(stderr).toMatch(/experiment\.yaml:\d+:\d+/);
  expect(stderr).toContain(word);
});
