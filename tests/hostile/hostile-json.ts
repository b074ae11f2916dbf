// Hostile JSON from every door at once, through the real program: a model, programs, own code, an MCP server, a judge, scorers,
// an import and known.json. Each odd thing is an answer kept or one failed attempt of its own task.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ScenarioResult } from '../../src/core/record.ts';
import { filesBelow, jsonLines, ROOT, tail, writeFiles } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { HOSTILE, isWhole } from '../rig/hostile-json.ts';
import { program } from '../rig/program.ts';
import { http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

const KINDS = Object.keys(HOSTILE);
const TEXTS = Object.values(HOSTILE);
/** Tasks beside them whose answers are well: harm done to others would show there. */
const HEALTHY = 4;
const SCENARIOS = KINDS.length + HEALTHY;
const VARIANTS = ['asked', 'answered', 'looped', 'served', 'once', 'stays', 'mine'];

export const row: Row = {
  name: 'hostile-json',
  how: `${KINDS.length} kinds of hostile JSON (half characters, 1e999, names that are one, 20,000 levels, ...) from every door: answers and arguments of a model, tools and their list of an MCP server, programs, own code, scorers, an import, known.json`,
  holds:
    'the run ends with every healthy cell complete and each failed one named with its kind, a rerun executes only what failed, status, fsck, show and export are well',
  full: 4,
  unit: 'runs',
  seconds: 60,
  async run({ count, random, isOver }) {
    let tried = 0;
    const seen = { kept: 0, failed: 0 };
    for (; tried < count && !isOver(); tried++) await round(random, seen);
    return {
      tried,
      seen: `${seen.kept} odd answers kept, ${seen.failed} attempts failed by name, ${tried * VARIANTS.length * HEALTHY} healthy cells complete`,
    };
  },
};

/** Doors of a model's answer, by turns. */
const BODIES: readonly ((x: string) => string)[] = [
  (x) => `{"choices":[{"message":{"role":"assistant","content":${x}},"finish_reason":${x}}],"usage":${x}}`,
  (x) =>
    `{"choices":[{"message":{"role":"assistant","content":"t","extra":${x}},"finish_reason":"stop"}],"model":${x},"usage":{"prompt_tokens":${x},"completion_tokens":1}}`,
  (x) => `{"error":${x}}`,
  (x) => x,
];
const callBody = (given: string): string =>
  `{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"keep","arguments":${JSON.stringify(given)}}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}`;
const FINE =
  '{"choices":[{"message":{"role":"assistant","content":"well"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}';

const ODD_LINE = `
const TEXTS = ${JSON.stringify(TEXTS)};
export function lineOf(id) {
  const x = TEXTS[Number(id.slice(1))];
  if (x === undefined) return '{"text":"well"}';
  const lines = [
    '{"text":"t","tool_calls":[{"name":"f","arguments":' + x + '},{"name":"g","arguments":' + JSON.stringify('{"a":' + x + '}') + '}],"properties":{"a":' + x + '}}',
    '{"text":' + x + '}',
    '{"error":' + x + '}',
    '{"text":"t","messages":[{"role":' + x + '}],"usage":' + x + ',"finish_reason":' + x + '}',
  ];
  return lines[Number(id.slice(1)) % lines.length];
}
`;

const PROGRAMS = {
  'odd.mjs': ODD_LINE,
  'once.mjs': `import { lineOf } from './odd.mjs';
let text = '';
for await (const chunk of process.stdin) text += chunk;
console.log(lineOf(JSON.parse(text).scenario.id));`,
  'stays.mjs': `import { createInterface } from 'node:readline';
import { lineOf } from './odd.mjs';
for await (const line of createInterface({ input: process.stdin })) {
  const { id, task } = JSON.parse(line);
  const told = lineOf(task.scenario.id);
  console.log(told.startsWith('{"error"') ? told.replace('{', '{"id":' + JSON.stringify(id) + ',') : '{"id":' + JSON.stringify(id) + ',"result":' + told + '}');
}`,
  'mine.mjs': `import { lineOf } from './odd.mjs';
export default {
  run({ scenario, log }) {
    const told = JSON.parse(lineOf(scenario.id));
    const circle = {}; circle.self = circle;
    log(circle, Object.create(null), Symbol('s'), 10n, '\\ud83d');
    if (told.error !== undefined) throw told.error;
    const n = Number(scenario.id.slice(1));
    if (n === 1) return { text: 't', properties: circle };
    if (n === 2) return { text: 't', properties: { big: 10n } };
    if (n === 5) return { get text() { throw Object.create(null); } };
    return told;
  },
};`,
  'judge.mjs': `import { lineOf } from './odd.mjs';
const TEXTS = ${JSON.stringify(TEXTS)};
export default {
  score({ scenario }) {
    const x = TEXTS[Number(scenario.id.slice(1))];
    if (x === undefined) return { score: 1, reason: 'well' };
    const value = JSON.parse(x);
    return Number(scenario.id.slice(1)) % 2 ? value : { score: 1, label: 'l', reason: value, details: { value } };
  },
};`,
};

function manifest(url: string): string {
  const env = {
    HOSTILE_TOOLS:
      '[{"name":"keep","description":"\\ud83d","inputSchema":{"type":"object","__proto__":{"a":1}}}]',
    HOSTILE_RESULT: `{"content":[{"type":"text","text":${HOSTILE['half a character']}},{"type":"resource","resource":{"uri":"x:y","text":"t","_meta":{"a":${HOSTILE['250 levels']}}}}]}`,
    HOSTILE_NAME: '"\\ud83d"',
  };
  const slow = '{ type: object, properties: { a: { pattern: "^(x+)+$" } } }';
  return `version: 1
name: odd
provider: raw
model: m
scenarios: [scenarios.yaml]
providers: { raw: { type: openai, base_url: "${url}", limits: { concurrency: 4 } } }
execution: { concurrency: 4, retries: 0, timeout: 30s, workers: 2 }
scorers:
  - { use: ./judge.mjs, name: odd }
  - json: { values: { a.b: 1 }, schema: { properties: { a: { pattern: "^(x+)+$" } } } }
    name: form
variants:
  asked: { system: "be asked" }
  answered: { system: "be answered" }
  looped: { max_turns: 3, system: "be looped", tools: [{ name: keep, parameters: ${slow}, result: { got: "{{arguments.a}}" } }] }
  served: { max_turns: 3, system: "be served", mcp: { command: [node, "${path.join(ROOT, 'tests/rig/hostile-mcp.mjs')}"], env: ${JSON.stringify(env)} } }
  once: { command: [node, once.mjs] }
  stays: { command: [node, stays.mjs], protocol: stream }
  mine: { use: ./mine.mjs }
`;
}

/** What an odd answer may be called; never \`internal\`, which is a fault of ours. */
const NAMED = [
  'invalid-response',
  'bad-request',
  'overloaded',
  'broken-output',
  'nothing-recorded',
  'code-failed',
  'code-temporary',
];

async function round(random: () => number, seen: { kept: number; failed: number }): Promise<void> {
  const turn = Math.floor(random() * BODIES.length);
  await using provider = await startRawProvider(({ variant, scenario, attempt, socket }) => {
    const n = Number(scenario.slice(1));
    const x = TEXTS[n];
    const isCall = variant !== 'asked' && attempt === 1;
    const odd = isCall ? callBody(`{"a":${x ?? '1'}}`) : BODIES[(n + turn) % BODIES.length]!(x ?? '');
    const isOdd = x !== undefined && (variant === 'asked' || isCall);
    const status = variant === 'asked' && n % 5 === 4 ? '400 Bad' : '200 OK';
    socket.write(http(isOdd ? status : '200 OK', { body: isOdd ? odd : FINE }));
  });
  await withFolder(async (cwd) => {
    const ids = Array.from({ length: SCENARIOS }, (_, n) => `- { id: s${n}, input: "say ${n}" }\n`);
    writeFiles(cwd, {
      ...PROGRAMS,
      'experiment.yaml': manifest(provider.url),
      'scenarios.yaml': ids.join(''),
    });
    const tasks = SCENARIOS * VARIANTS.length;
    const first = await program(['run', '--json'], { cwd });
    assert.ok(first.code === 0 || first.code === 1, tail(first.stderr));
    const run = JSON.parse(first.stdout);
    assert.equal(run.executed, tasks, tail(first.stderr));
    const records = recordsIn(cwd);
    assert.equal(records.length, tasks, 'each task has its record');
    for (const record of records) check(record);
    const failed = records.filter(({ status }) => status === 'failed');
    seen.failed += failed.length;
    seen.kept += records.length - failed.length - VARIANTS.length * HEALTHY;
    await commandsAreWell(cwd, records);

    damageKnown(cwd);
    const again = JSON.parse((await program(['run', '--json'], { cwd })).stdout);
    assert.equal(again.executed, failed.length, 'a rerun executes what failed, and nothing else');
    assert.ok(readdirSync(path.join(cwd, 'artifacts/odd/quarantine')).includes('known.json'));
    await importOdd(cwd);
    await commandsAreWell(cwd, []);
  });
}

function recordsIn(cwd: string): readonly ScenarioResult[] {
  const history = path.join(cwd, 'artifacts/odd/history');
  return filesBelow(history)
    .filter((name) => /_run\d+\.jsonl$/.test(name))
    .flatMap((name) => jsonLines(path.join(history, name)) as unknown as readonly ScenarioResult[])
    .filter(({ type }) => type === 'scenario_result');
}

function check(record: ScenarioResult): void {
  const what = `${record.variant} ${record.scenario} (${KINDS[Number(record.scenario.slice(1))]})`;
  const error = record.attempts.at(-1)!.error;
  if (Number(record.scenario.slice(1)) >= KINDS.length) {
    assert.equal(record.status, 'completed', `${what}: ${error?.message}`);
  } else if (record.status === 'failed') {
    assert.ok(NAMED.includes(error!.kind), `${what}: ${error!.kind}: ${error!.message}`);
    assert.ok(error!.message.length > 0, what);
  }
  assert.ok(isWhole(record), what);
}

async function commandsAreWell(cwd: string, records: readonly ScenarioResult[]): Promise<void> {
  for (const command of [
    ['status'],
    ['fsck'],
    ['plan'],
    ['history'],
    ['export', '--format', 'jsonl', '-o', 'out.jsonl'],
  ]) {
    const { code, stderr } = await program(command, { cwd });
    assert.ok(code !== null && code <= 1, `${command}: ${code} ${tail(stderr)}`);
    assert.ok(!/\bat .*:\d+:\d+\)?$/m.test(stderr), `${command}: ${tail(stderr)}`);
  }
  for (const record of records.filter(({ variant }) => variant !== 'stays').slice(0, 8)) {
    const shown = await program(['show', record.key], { cwd });
    assert.equal(shown.code, 0, tail(shown.stderr));
  }
}

function damageKnown(cwd: string): void {
  const file = path.join(cwd, 'artifacts/odd/known.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace('"description":', `"extra": ${HOSTILE['20,000 levels']}, "description": 7, "_":`),
  );
}

/** Lines of another harness: what is no result is named, the rest is history. */
async function importOdd(cwd: string): Promise<void> {
  const lines = TEXTS.flatMap((x, n) => [
    `{"variant":"asked","scenario":"s${n}","run":7,"text":${x},"tool_calls":[{"name":"f","arguments":${JSON.stringify(`{"a":${x}}`)}}],"properties":{"a":${x}}}`,
    x,
  ]);
  writeFileSync(path.join(cwd, 'theirs.jsonl'), `${lines.join('\n')}\n`);
  const { code, stdout, stderr } = await program(['import', 'theirs.jsonl', '--skip-bad', '--json'], { cwd });
  assert.equal(code, 0, tail(stderr));
  const told = JSON.parse(stdout);
  assert.equal(told.imported + told.already_there + told.bad, lines.length);
  const twice = await program(['import', 'theirs.jsonl', '--skip-bad', '--json'], { cwd });
  assert.equal(JSON.parse(twice.stdout).imported, 0, 'what is there is known again');
}
