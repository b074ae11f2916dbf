// Random manifests, one field of each changed: the key moves if and only if the field is in it (contract: The key).
import assert from 'node:assert/strict';
import path from 'node:path';
import { failUnder } from '../../src/core/gate-line.ts';
import type { Harness, McpServer, PrepareStep } from '../../src/core/harness.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Manifest, Provider, Scenario, Variant } from '../../src/core/manifest.ts';
import type { ResponseFormat } from '../../src/core/response-format.ts';
import type { ReviewProtocol } from '../../src/core/review.ts';
import type { Scorer } from '../../src/core/scoring.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { writeFiles } from '../rig/files.ts';
import { withFastFolder } from '../rig/folder.ts';
import { manifest, PROVIDER, SCENARIO, VARIANT } from '../rig/manifests.ts';
import { remoteSettings } from '../rig/remote-settings.ts';
import type { Row } from '../rig/row.ts';

/** One in so many tries writes the manifest as YAML and JSON, in another order, in another folder. */
const WRITTEN_EVERY = 10;

export const row: Row = {
  name: 'key-properties',
  how: 'random manifests with one random field changed; the same manifest written in another order, format and folder, with comments',
  holds:
    'the key moves if and only if the field is one that counts; names that nobody is told, the order of YAML and formatting never move it',
  full: 10_000,
  unit: 'changes',
  seconds: 10,
  async run({ count, random, isOver }) {
    const chance = makeChance(random);
    checkTable();
    const seen = { tried: 0, moved: 0, written: 0 };
    for (; seen.tried < count && !isOver(); seen.tried++) {
      if (seen.tried % WRITTEN_EVERY === 0) {
        await writtenTwice(chance);
        seen.written++;
        continue;
      }
      const base = randomManifest(chance);
      const [name, field] = chance.one(Object.entries(FIELDS));
      const changed = field.change(base, chance);
      const what = `${name}: ${JSON.stringify(base)} -> ${JSON.stringify(changed)}`;
      const moves = typeof field.moves === 'boolean' ? field.moves : field.moves(base);
      assert.equal(keyOf(base) !== keyOf(changed), moves, what);
      seen.moved += moves ? 1 : 0;
    }
    const { tried, moved, written } = seen;
    return {
      tried,
      seen: `${Object.keys(FIELDS).length} fields; ${moved} moved, ${tried - moved - written} stayed, ${written} written in two ways: all as the contract says`,
    };
  },
};

function keyOf(of: Manifest, run = 1): string {
  const { variant, engine, scenarios } = fingerprint(of)[0]!;
  const parts = { variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest };
  return sampleKey(parts, run);
}

type Chance = {
  below(limit: number): number;
  one<Item>(items: readonly Item[]): Item;
  /** Never the same twice. */
  word(): string;
};

function makeChance(random: () => number): Chance {
  let count = 0;
  const below = (limit: number): number => Math.floor(random() * limit);
  const LETTERS = ['a', 'é', '漢', '\u{1f600}', '"', '\\', '\n', ' ', '{', '\u202e'];
  return {
    below,
    one: (items) => items[below(items.length)]!,
    word: () =>
      `${++count}${Array.from({ length: below(6) }, () => LETTERS[below(LETTERS.length)]).join('')}`,
  };
}

function randomManifest(chance: Chance): Manifest {
  const { word, one, below } = chance;
  const template = one([
    '{{input}}',
    '{{id}}: {{input}}',
    '{{category}} {{input}}',
    '{{input}} {{vars.place}}',
  ]);
  return manifest({
    variant: {
      ...{ name: word(), model: word(), system: one([null, word()]), template, salt: one(['', word()]) },
      ...{ temperature: one([null, 0, 0.7]), maxOutputTokens: one([null, 100]), seed: one([null, below(9)]) },
      ...{ params: one([{}, { top_p: 0.5 }]), tools: one([[], VARIANT.tools]), maxTurns: one([1, 3]) },
      ...{ harness: one([null, null, COMMAND]), mcp: one([null, null, MCP]) },
      ...one([{}, {}, { responseFormat: FORM }]),
    },
    provider: {
      ...{ api: one(['chat', 'responses']), type: one(['openai', 'sim']) },
      baseUrl: one([null, 'https://one.example/v1', 'http://two.example:8080/openai']),
    },
    scenario: {
      id: word(),
      input: word(),
      category: one([null, word()]),
      vars: { place: word(), unread: word() },
    },
    more: { inputs: one([[], [{ path: 'a.json', digest: 'c'.repeat(64) }]]), prepare: one([[], [STEP]]) },
  });
}

type Field = {
  readonly moves: boolean | ((of: Manifest) => boolean);
  readonly change: (of: Manifest, chance: Chance) => Manifest;
};

const CODE = { files: [{ path: 'a.py', digest: 'e'.repeat(64) }], packages: [{ name: 'p', version: '1' }] };
const ENV = { set: { MODE: 'fast' }, pass: ['KEY'] };
const COMMAND: Harness = {
  ...{ kind: 'command', argv: ['python3', 'a.py'], protocol: 'once', env: ENV },
  ...{ processes: 8, inFlight: 1, code: CODE },
};
const MCP: McpServer = { command: ['serve'], url: null, env: ENV, only: null, code: CODE, seen: null };
const SCORER: Scorer = {
  ...{ kind: 'exact', name: 'exact', slug: 'exact', passAt: 1, options: {} },
  scope: { scenario: [], category: [], tag: [] },
};
const REVIEW: ReviewProtocol = {
  ...{ dimensions: [{ name: 'tone', question: 'Is it kind?' }], pass: 'no poor', reviewers: 2, overlap: 1 },
  labels: [
    { name: 'good', value: 2, anchor: 'Yes.' },
    { name: 'poor', value: 1, anchor: 'No.' },
  ],
  ...({ mode: 'single', mask: ['variant'], order: 'shuffled', repeats: 0 } as const),
};
const STEP: PrepareStep = {
  ...{ argv: ['make'], env: ENV, timeoutMs: 1000, inputs: [], outputs: ['b'] },
  made: [{ path: 'b', digest: 'f'.repeat(64) }],
  code: CODE,
};

const FORM: ResponseFormat = {
  ...({ kind: 'schema', name: 'answer', description: null, strict: null } as const),
  schema: { type: 'object', properties: { b: {}, a: {} } },
};
const SDK = {
  ...{ package: '@ai-sdk/acme', create: 'createAcme', method: null, options: {}, written: {}, allow: [] },
  version: '4.1.2',
};

/** Its members the other way round. */
function turned(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).reverse());
}

/** Code may read all of a scenario that it is handed. */
const reaches =
  (word: string) =>
  (of: Manifest): boolean =>
    of.variants[0]!.harness !== null || String(of.variants[0]!.template).includes(word);
const isCode = ({ variants }: Manifest): boolean => variants[0]!.harness !== null;
const hasInputs = ({ inputs }: Manifest): boolean => inputs.length > 0;
const isOpenAi = (of: Manifest): boolean => Object.values(of.providers)[0]!.type === 'openai';

function variant(moves: Field['moves'], change: (of: Variant, chance: Chance) => Partial<Variant>): Field {
  return {
    moves,
    change: (of, chance) => ({
      ...of,
      variants: of.variants.map((each) => ({ ...each, ...change(each, chance) })),
    }),
  };
}

function scenario(moves: Field['moves'], change: (of: Scenario, chance: Chance) => Partial<Scenario>): Field {
  return {
    moves,
    change: (of, chance) => ({
      ...of,
      scenarios: of.scenarios.map((each) => ({ ...each, ...change(each, chance) })),
    }),
  };
}

function provider(moves: Field['moves'], change: (of: Provider, chance: Chance) => Partial<Provider>): Field {
  return {
    moves,
    change: (of, chance) => ({
      ...of,
      providers: Object.fromEntries(
        Object.entries(of.providers).map(([name, each]) => [name, { ...each, ...change(each, chance) }]),
      ),
    }),
  };
}

function other(moves: Field['moves'], change: (of: Manifest, chance: Chance) => Partial<Manifest>): Field {
  return { moves, change: (of, chance) => ({ ...of, ...change(of, chance) }) };
}

/** Every field of a manifest by its path; `checkTable` holds the table against the types' own fields. */
const FIELDS: { readonly [path: string]: Field } = {
  // Programs are told the name.
  'variant.name': variant(isCode, (_, { word }) => ({ name: word() })),
  'variant.slug': variant(false, (_, { word }) => ({ slug: word() })),
  'variant.provider': {
    moves: false,
    change: (of, { word }) => {
      const name = word();
      const [only] = Object.values(of.providers);
      const variants = of.variants.map((each) => ({ ...each, provider: name }));
      return { ...of, variants, providers: { [name]: { ...only!, name } } };
    },
  },
  'variant.model': variant(true, (_, { word }) => ({ model: word() })),
  'variant.temperature': variant(true, ({ temperature }) => ({
    temperature: temperature === null ? 0 : null,
  })),
  'variant.temperature by a little': variant(true, ({ temperature }) => ({
    temperature: (temperature ?? 1) + 0.001,
  })),
  'variant.maxOutputTokens': variant(true, ({ maxOutputTokens }) => ({
    maxOutputTokens: (maxOutputTokens ?? 0) + 1,
  })),
  'variant.params': variant(true, ({ params }, { word }) => ({ params: { ...params, stop: word() } })),
  'variant.system': variant(true, (_, { word }) => ({ system: word() })),
  'variant.template': variant(true, ({ template }) => ({ template: `${template}.` })),
  'variant.template, of messages': variant(true, ({ template }) => ({
    template: [{ role: 'user', content: String(template) }],
  })),
  'variant.system, with a variable': variant(true, () => ({ system: 'In {{vars.place}}.' })),
  'variant.tools': variant(true, ({ tools }, { word }) => ({
    tools: [...tools, { name: word(), description: null, parameters: null, strict: null }],
  })),
  'variant.maxTurns': variant(true, ({ maxTurns }) => ({ maxTurns: maxTurns + 1 })),
  'variant.seed': variant(true, ({ seed }) => ({ seed: seed === null ? 0 : seed + 1 })),
  'variant.salt': variant(true, ({ salt }, { word }) => ({ salt: salt + word() })),
  'variant.responseFormat': variant(true, ({ responseFormat }) => ({
    responseFormat: responseFormat === undefined ? { kind: 'json' } : { ...FORM, strict: true },
  })),
  'variant.responseFormat, the order of its schema': variant(
    ({ variants }) => variants[0]!.responseFormat?.kind === 'schema',
    ({ responseFormat }) =>
      responseFormat?.kind === 'schema'
        ? { responseFormat: { ...responseFormat, schema: turned(responseFormat.schema) } }
        : {},
  ),
  // Own code and programs speak to whom they like: what a package would send is none of their content.
  'variant.frame': variant(
    ({ variants }) => variants[0]!.harness === null,
    (_, { word }) => ({
      frame: { version: '4.0.0', path: '/messages', headers: {}, body: { model: word() } },
    }),
  ),
  'variant.frame, its version': {
    moves: false,
    change: (of) => ({
      ...of,
      variants: of.variants.map((each) =>
        each.frame ? { ...each, frame: { ...each.frame, version: '4.9.9' } } : each,
      ),
    }),
  },
  'variant.runs': variant(false, ({ runs }) => ({ runs: runs + 1 })),
  'variant.mcp': variant(true, ({ mcp }) => ({ mcp: mcp === null ? MCP : null })),
  'variant.harness': variant(true, ({ harness }) => ({ harness: harness === null ? COMMAND : null })),
  'variant.harness, its code': variant(
    ({ variants }) => variants[0]!.harness !== null,
    ({ harness }) => ({ harness: harness && { ...harness, code: { files: [], packages: [] } } }),
  ),
  'variant.harness, its files moved': variant(isCode, ({ harness }, { word }) => ({
    harness: harness && {
      ...harness,
      code: { ...harness.code, files: harness.code.files.map((file) => ({ ...file, path: word() })) },
    },
  })),
  'variant.harness, how it is started': variant(false, ({ harness }, { word }) => ({
    harness:
      harness?.kind === 'command'
        ? {
            ...harness,
            ...{ protocol: 'stream', processes: 99, inFlight: 9 },
            env: { ...harness.env, pass: [word()] },
          }
        : harness,
  })),
  'scenario.id': scenario(reaches('{{id}}'), (_, { word }) => ({ id: word() })),
  'scenario.input': scenario(true, (_, { word }) => ({ input: word() })),
  'scenario.input as messages': scenario(true, ({ input }) => ({
    input: [{ role: 'user', content: input as string }],
  })),
  'scenario.category': scenario(reaches('{{category}}'), (_, { word }) => ({ category: word() })),
  'scenario.tags': scenario(false, (_, { word }) => ({ tags: [word()] })),
  'scenario.description': scenario(false, (_, { word }) => ({ description: word() })),
  'scenario.vars that is read': scenario(reaches('vars.place'), ({ vars }, { word }) => ({
    vars: { ...vars, place: word() },
  })),
  'scenario.vars that is not read': scenario(isCode, ({ vars }, { word }) => ({
    vars: { ...vars, unread: word() },
  })),
  'scenario.expect': scenario(false, (_, { word }) => ({ expect: word() })),
  'scenario.toolResults, with one turn': {
    moves: false,
    change: (of, { word }) => {
      if (of.variants[0]!.maxTurns > 1 || isCode(of)) return of;
      const toolResults = { [word()]: word() };
      return { ...of, scenarios: of.scenarios.map((each) => ({ ...each, toolResults })) };
    },
  },
  'scenario.expectsTools': scenario(false, (_, { word }) => ({
    expectsTools: { [word()]: { a: { name: word(), arguments: {} } } },
  })),
  'scenario.source': scenario(false, (_, { word }) => ({ source: { file: word(), line: 99 } })),
  'provider.name': provider(false, (_, { word }) => ({ name: word() })),
  'provider.type': provider(true, ({ type }) => ({ type: type === 'sim' ? 'openai' : 'sim' })),
  'provider.baseUrl': provider(isOpenAi, () => ({ baseUrl: 'https://three.example/v1' })),
  'provider.baseUrl, its slash': provider(false, ({ baseUrl }) => ({ baseUrl: baseUrl && `${baseUrl}/` })),
  'provider.apiKeyEnv': provider(false, (_, { word }) => ({ apiKeyEnv: word() })),
  'provider.api': provider(true, ({ api }) => ({ api: api === 'chat' ? 'responses' : 'chat' })),
  'provider.sdk': provider(true, (_, { word }) => ({ sdk: { ...SDK, package: word() } })),
  'provider.sdk, what it is made of and may change': provider(false, ({ sdk }, { word }) =>
    sdk === undefined
      ? {}
      : { sdk: { ...sdk, options: { a: word() }, written: { a: '${A}' }, allow: [word()] } },
  ),
  'provider.keyHeaders': provider(false, (_, { word }) => ({ keyHeaders: [word()] })),
  'provider.headers, one that chooses': provider(true, (_, { word }) => ({
    headers: { 'X-Portkey-Config': word() },
  })),
  'provider.headers': provider(false, (_, { word }) => ({ headers: { 'x-a': word() } })),
  'provider.limits': provider(false, ({ limits }, { below }) => ({
    limits: { ...limits, concurrency: 99 + below(9) },
  })),
  'provider.pricing': provider(false, () => ({ pricing: {} })),
  'provider.isLocal': provider(false, () => ({ isLocal: true })),
  'provider.played': provider(true, (_, { word }) => ({
    played: {
      scripts: [[[{ kind: 'say', text: word(), calls: [] }]]],
      rules: [{ scenario: '*', variant: null, script: 0 }],
    },
  })),
  'provider.sim': provider(false, ({ sim }) => ({ sim: { ...sim, seed: sim.seed + 1 } })),
  'manifest.file': other(false, (_, { word }) => ({ file: `/${word()}` })),
  'manifest.folder': other(false, (_, { word }) => ({ folder: `/${word()}` })),
  'manifest.name': other(false, (_, { word }) => ({ name: word() })),
  'manifest.description': other(false, (_, { word }) => ({ description: word() })),
  'manifest.inputs': other(true, ({ inputs }) => ({
    inputs: [...inputs, { path: 'b', digest: 'd'.repeat(64) }],
  })),
  'manifest.inputs, their paths': other(hasInputs, ({ inputs }, { word }) => ({
    inputs: inputs.map(({ digest }) => ({ path: word(), digest })),
  })),
  'manifest.inputPatterns': other(false, (_, { word }) => ({ inputPatterns: [word()] })),
  'manifest.strictInputs': other(false, ({ strictInputs }) => ({ strictInputs: strictInputs !== true })),
  'manifest.artifacts': other(false, () => ({ artifacts: { mode: 'group' } })),
  'manifest.varies': other(false, (_, { word }) => ({ varies: [word()] })),
  'manifest.expectsTools': other(false, (_, { word }) => ({
    expectsTools: { [word()]: { a: { name: word(), arguments: {} } } },
  })),
  'manifest.prepare': other(true, ({ prepare }) => ({
    prepare: prepare.length === 0 ? [STEP] : [],
  })),
  'manifest.prepare, how it is made': other(false, ({ prepare }, { word }) => ({
    prepare: prepare.map((step) => ({ ...step, argv: [word()], timeoutMs: 1 })),
  })),
  'manifest.scorers': other(false, (_, { word }) => ({ scorers: [{ ...SCORER, name: word() }] })),
  'manifest.cluster': other(false, (_, { word }) => ({ cluster: `vars.${word()}` })),
  'manifest.until': other(false, ({ variants }, { below }) => ({
    until: {
      ...{
        goal: { kind: 'decided', size: 0.1 },
        metric: 'score',
        variants: variants.map(({ name }) => name),
      },
      ...{ runs: 1, maxRuns: 2 + below(9) },
    },
  })),
  'manifest.review': other(false, (_, { word }) => ({ review: { ...REVIEW, pass: word() } })),
  'manifest.remote': other(false, (_, { word }) => ({
    remote: remoteSettings({ kind: 'https', url: `https://share.example/${word()}` }),
  })),
  'manifest.gate': other(false, (_, { word }) => ({
    gate: [{ ...failUnder({ share: 0.5, written: word(), scorers: [] }) }],
  })),
  'manifest.langsmith': other(false, () => ({ langsmith: null })),
  'manifest.execution': other(false, ({ execution }) => ({
    execution: { ...execution, retries: 99, concurrency: 1 },
  })),
  'manifest.watch': other(false, () => ({ watch: { confirmUsd: null, debounceMs: 7 } })),
  'manifest.sources': other(false, (_, { word }) => ({ sources: [`/${word()}`] })),
  'manifest.printable': other(false, (_, { word }) => ({ printable: { name: word() } })),
  'manifest.secrets': other(false, (_, { word }) => ({ secrets: [{ name: 'A', value: word() }] })),
};

/** A field that somebody adds to the manifest must be added here: it counts, or it does not. */
function checkTable(): void {
  const paths = Object.keys(FIELDS);
  const isThere = (field: string): boolean =>
    paths.some((name) => name === field || name.startsWith(`${field} `) || name.startsWith(`${field},`));
  // These three hold the others.
  const { variants, scenarios, providers, ...rest } = manifest();
  const wanted = [
    ...Object.keys(VARIANT).map((name) => `variant.${name}`),
    ...Object.keys(SCENARIO).map((name) => `scenario.${name}`),
    ...Object.keys(PROVIDER).map((name) => `provider.${name}`),
    ...Object.keys(rest).map((name) => `manifest.${name}`),
  ];
  assert.deepEqual(
    wanted.filter((field) => !isThere(field)),
    [],
    'fields of which nobody says whether they count',
  );
}

/** The same experiment as YAML and as JSON, its own members in another order, in two folders: the same keys. */
async function writtenTwice(chance: Chance): Promise<void> {
  const plain = (): string => chance.word().replaceAll(/[^\p{L}\p{N}]/gu, 'x');
  const variants: { [name: string]: Json } = {};
  for (let i = 0; i <= chance.below(3); i++)
    variants[`v${i}`] = { system: plain(), temperature: chance.below(10) / 10 };
  const members: [string, Json][] = [
    ['version', 1],
    ['name', 'written'],
    ['runs', 1 + chance.below(3)],
    ['provider', 'sim'],
    ['template', chance.one(['{{input}}', '{{id}} {{input}}'])],
    ['variants', variants],
    ['params', { top_p: chance.below(10) / 10, stop: [plain()] }],
  ];
  const scenarios = Array.from({ length: 1 + chance.below(4) }, (_, i) => ({
    id: `s${i}`,
    input: plain(),
    tags: ['t'],
  }));
  await withFastFolder(async (folder) => {
    const yaml = members.map(([name, value]) => `${name}:   ${JSON.stringify(value)}  # ${plain()}\n\n`);
    writeFiles(folder, {
      'one/experiment.yaml': `${yaml.join('')}scenarios: [all.jsonl]\n`,
      'one/all.jsonl': `${scenarios.map((each) => JSON.stringify(each)).join('\n')}\n`,
      'two/deep/experiment.json': JSON.stringify(
        Object.fromEntries([['scenarios', ['elsewhere/*.yaml']] as const, ...members.toReversed()]),
        null,
        3,
      ),
      'two/deep/elsewhere/some.yaml': scenarios
        .map(({ id, input }) => `- input: ${JSON.stringify(input)} # other\n  id: ${id}\n`)
        .join(''),
    });
    const [one, two] = await Promise.all([
      keysAt(path.join(folder, 'one/experiment.yaml')),
      keysAt(path.join(folder, 'two/deep/experiment.json')),
    ]);
    assert.deepEqual(one, two);
  });
}

async function keysAt(file: string): Promise<Record<string, string>> {
  const loaded = await loadManifest({ file, env: {} });
  assert(loaded.kind === 'ok', JSON.stringify(loaded));
  const { manifest } = loaded.value;
  return Object.fromEntries(
    fingerprint(manifest)
      .flatMap(({ name, variant, engine, scenarios }) =>
        scenarios.map((each, i) => {
          const parts = { variant: variant.digest, engine: engine.digest, scenario: each.digest };
          return [`${name} ${manifest.scenarios[i]!.id}`, sampleKey(parts, 1)] as const;
        }),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
