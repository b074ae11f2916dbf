// The definition of a key, where a package asks the model: it moves if and only if what the package sends moves. Everything that
// a package makes its own of is edited; requests are recorded by a server that plays the Anthropic wire.
// @project e2e: servers are started, and packages are loaded.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withFastFolder } from '../rig/folder.ts';
import {
  makePackageRecorder,
  type PackagePlace,
  type PackageRecorder,
  type PackageWorld,
} from '../rig/package-wire.ts';

const TIMEOUT_MS = 600_000;
const FORM = {
  ...{ type: 'object', required: ['answer'], additionalProperties: false },
  properties: { reason: { type: 'string' }, answer: { type: 'string' } },
};
const WORD = { type: 'object', properties: { word: { type: 'string' }, kind: { type: 'string' } } };
const LOOK_UP = { name: 'look_up', description: 'Looks up.', parameters: WORD, result: 'found' };

let recorder: PackageRecorder;
let base: readonly PackagePlace[];

function makeWorld(): PackageWorld {
  return structuredClone({
    manifest: {
      ...{ version: 1, name: 'wire', runs: 1, seed: 7, provider: 'claude', model: 'claude-sonnet-4-5' },
      ...{ temperature: 0.2, max_output_tokens: 500, system: 'Be brief.', template: '{{input}}' },
      scenarios: ['scenarios.json'],
      variants: {
        ask: {},
        loop: { tools: [LOOK_UP, { name: 'list_all', result: 'none' }], max_turns: 3 },
        formed: { response_format: { schema: FORM } },
        thinks: { temperature: null, params: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
      },
      providers: {
        claude: {
          ...{ type: 'anthropic', base_url: recorder.url, api_key_env: 'WIRE_KEY', options: {} },
          headers: { 'x-team': 't' },
        },
      },
      scorers: [{ judge: { rubric: 'Is it right?', max_output_tokens: 300 } }],
    },
    scenarios: [
      { id: 'one', input: 'What is a house?' },
      { id: 'own', input: 'And this?', tools: [{ name: 'theirs', parameters: WORD, result: 'r' }] },
    ],
  });
}

type Edit = { readonly name: string; readonly change: (world: PackageWorld) => void };

function edit(place: string, value: unknown): Edit {
  return {
    name: `${place} = ${JSON.stringify(value)}`,
    change: ({ manifest, scenarios }) => {
      const steps = place.split('/');
      let holder = steps[0] === 'scenarios' ? { scenarios } : manifest;
      for (const step of steps.slice(0, -1)) holder = holder[step];
      holder[steps.at(-1)!] = structuredClone(value);
    },
  };
}

const turned = (schema: object) => Object.fromEntries(Object.entries(schema).reverse());

const EDITS: readonly Edit[] = [
  ...['claude-haiku-4-5', 'claude-opus-4-1', 'claude-unknown'].map((model) => edit('model', model)),
  ...[0.3, null, 1.5].map((value) => edit('temperature', value)),
  ...[501, null, 900_000].map((value) => edit('max_output_tokens', value)),
  ...[8, undefined].map((value) => edit('seed', value)),
  edit('params', { top_p: 0.5 }),
  edit('params', { top_k: 5 }),
  edit('params', { topp: 0.5 }),
  edit('params', { stop: ['x'] }),
  edit('params', { sendReasoning: false }),
  edit('params', { toolStreaming: false }),
  edit('variants/ask/params', { thinking: { type: 'enabled', budgetTokens: 1024 } }),
  edit('variants/thinks/params/thinking/budgetTokens', 2049),
  edit('variants/thinks/temperature', 0.5),
  edit('variants/loop/tools/0/description', 'Searches.'),
  edit('variants/loop/tools/0/strict', true),
  edit('variants/loop/tools/0/parameters/properties', turned(WORD.properties)),
  edit('variants/loop/tools/0/result', 'lost'),
  edit('variants/loop/tools', [{ name: 'list_all', result: 'none' }, LOOK_UP]),
  edit('variants/loop/max_turns', 2),
  edit('variants/loop/params', { tool_choice: 'required' }),
  edit('variants/formed/response_format', null),
  edit('variants/formed/response_format', 'json'),
  edit('variants/formed/response_format/name', 'told'),
  edit('variants/formed/response_format/description', 'Told.'),
  edit('variants/formed/response_format/strict', true),
  edit('variants/formed/response_format/schema/properties', turned(FORM.properties)),
  edit('variants/formed/response_format/schema/properties/answer', { type: 'number' }),
  edit('system', 'Be long.'),
  edit('template', 'Say: {{input}}'),
  edit('variants/ask/salt', 's'),
  edit('scenarios/0/input', 'What is a tree?'),
  edit('scenarios/0/expect', { contains: 'x' }),
  edit('scenarios/1/tools/0/description', 'Theirs.'),
  edit('scenarios/1/tools/0/parameters/properties', turned(WORD.properties)),
  edit('scenarios/1/tools', []),
  edit('providers/claude/options', { name: 'anthropic.messages' }),
  edit('providers/claude/allow', ['temperature']),
  edit('providers/claude/headers', { 'x-team': 'u' }),
  edit('providers/claude/headers', { 'anthropic-beta': 'a-1' }),
  edit('providers/claude/headers', { 'anthropic-version': '2024-01-01' }),
  edit('providers/claude/api_key_env', 'PATH'),
  edit('providers/claude/stream', false),
  edit('providers/claude/limits', { concurrency: 1 }),
  edit('scorers/0/judge/temperature', 0.5),
  edit('scorers/0/judge/seed', 3),
  edit('scorers/0/judge/choices', { good: 1, bad: 0 }),
  edit('scorers/0/judge/rubric', 'Is it kind?'),
  edit('scorers/0/judge/model', 'claude-haiku-4-5'),
];

/** Where the two part on purpose. */
const EXCEPTIONS: readonly { readonly edit: RegExp; readonly moves: 'key' | 'wire'; readonly why: string }[] =
  [
    { edit: /salt/, moves: 'key', why: 'a salt reaches nobody: it is written in order to draw again' },
    { edit: /max_turns/, moves: 'key', why: 'whether a model goes that far, its answers decide' },
    { edit: /loop\/|result/, moves: 'key', why: "an arm's own tools count for all of its scenarios" },
  ];

async function placesAfter(change: (world: PackageWorld) => void): Promise<readonly PackagePlace[]> {
  const world = makeWorld();
  change(world);
  return withFastFolder((folder) => recorder.places(world, folder));
}

beforeAll(async () => {
  recorder = await makePackageRecorder();
  base = await placesAfter(() => {});
}, TIMEOUT_MS);
afterAll(async () => {
  await recorder[Symbol.asyncDispose]();
}, TIMEOUT_MS);

it('records a request of every arm and of the judge, and turns of the loop', () => {
  expect(base.map(({ place }) => place)).toEqual([
    ...['0/0', '0/1', '1/0', '1/1', '2/0', '2/1', '3/0', '3/1', 'judge'],
  ]);
  expect(base.filter(({ wire }) => wire === '')).toEqual([]);
  expect(base[2]!.wire.split('\n').length).toBe(2);
  expect(new Set(base.map(({ key }) => key)).size).toBe(base.length);
});

it('moves with what the package sends and only with it', { timeout: TIMEOUT_MS }, async () => {
  const wrong: string[] = [];
  const moved = new Set<string>();
  for (const { name, change } of EDITS) {
    const after = await placesAfter(change);
    for (const { place, key, wire } of base) {
      const now = after.find((one) => one.place === place)!;
      if (now.key !== key) moved.add(name);
      if ((now.key !== key) === (now.wire !== wire)) continue;
      const moves = now.key === key ? 'wire' : 'key';
      if (EXCEPTIONS.some((one) => one.moves === moves && one.edit.test(name))) continue;
      wrong.push(`${place}: the ${moves} moved, and nothing else: ${name}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(moved.size).toBeGreaterThan(25);
});
