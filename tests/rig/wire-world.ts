// An experiment with an arm of every kind and a scorer of every kind, as plain data that a test changes and writes down.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { McpSeen } from '../../src/core/harness.ts';

// biome-ignore lint/suspicious/noExplicitAny: a manifest is changed anywhere, and read by the schema alone.
export type Loose = any;

export type World = {
  readonly manifest: Loose;
  readonly scenarios: Loose[];
  /** Text by path. */
  readonly files: { [path: string]: string };
  /** What the server of `served` said of itself. */
  readonly seen: McpSeen;
};

const WORD = { type: 'object', properties: { word: { type: 'string' } } };
const LOOK_UP = { name: 'look_up', description: 'Looks up.', parameters: WORD };

/** How reads are told is ours, another file each time, and the same for all. */
const UNTOLD = "grep -v '^EXPGRAPH_\\|^NODE_OPTIONS=\\|^PYTHONPATH='";

/** Which runs there are is no content, each has a key of its own; nor is what our plugin watches, which tests are not told. */
const JOB = `sed -E 's/"runs_from":[^,]*,"watch":(null|[^}]*[}]),"count":[0-9]*,//' "$EXPGRAPH_JOB"`;

/** Prints an answer, and keeps what it was handed. */
const RECORD = `{ printf '%s\\n' "$0" "$@"; env | sort | ${UNTOLD}; cat; } >> handed.txt\n`;

export function makeWorld(url: string): World {
  const account = {
    ...{
      type: 'openai',
      base_url: url,
      api_key_env: 'WIRE_KEY',
      headers: { 'X-Portkey-Config': 'a', 'x-team': 't' },
    },
    ...{ key_headers: ['X-Lane'], limits: { concurrency: 4 }, pricing: { m: { input: 1, output: 2 } } },
  };
  return structuredClone({
    manifest: {
      ...{
        version: 1,
        name: 'wire',
        description: 'All kinds.',
        runs: 2,
        seed: 7,
        provider: 'gate',
        model: 'm',
      },
      ...{ temperature: 0.2, max_output_tokens: 100, system: 'Be brief, José.', max_turns: 1, salt: '' },
      params: { top_p: 0.5, extra: { schema: { properties: { reason: {}, answer: {} } } } },
      response_format: { schema: { type: 'object', properties: { reason: {}, answer: {} } } },
      template: 'In {{vars.place}}: {{input}}',
      tools: [LOOK_UP],
      scenarios: ['scenarios/*.json'],
      inputs: ['facts/*.txt'],
      prepare: [
        {
          command: ['make'],
          inputs: ['facts/a.txt'],
          outputs: ['made/*.txt'],
          env: { HOW: 'fast' },
          timeout: '9s',
        },
      ],
      varies: ['tools'],
      expects_tools: { find: { '*': { name: 'look_up', arguments: { word: '{{word}}' } } } },
      variants: {
        prompt: { description: 'Asks once.' },
        loop: {
          max_turns: 4,
          tools: [
            { ...LOOK_UP, result: { said: '{{arguments.word}} in {{vars.spot}}' } },
            { name: 'list_all', result: ['one', 'two'] },
          ],
        },
        responses: { provider: 'other' },
        served: {
          ...{ max_turns: 2, system: { file: 'texts/system.txt' } },
          mcp: {
            command: ['sh', 'mcp/serve.sh', 'x'],
            tools: ['alpha', 'beta'],
            env: { MODE: 'm' },
            pass_env: ['WIRE_KEY'],
          },
        },
        module: { use: './own/deep/entry.mjs' },
        program: {
          ...{
            command: ['sh', 'program/record.sh', 'a'],
            env: { MODE: 'm' },
            pass_env: ['WIRE_KEY'],
            processes: 2,
          },
          max_turns: 2,
        },
        stream: { command: ['sh', 'program/stream.sh'], protocol: 'stream', in_flight: 1 },
        tests: {
          ...{ pytest_variant: 'legacy', provider: 'none' },
          pytest: {
            ...{
              path: ['tests/test_a.py'],
              python: './python.sh',
              args: ['-k', 'x'],
              batch: 9,
              env: { MODE: 'm' },
            },
            ...{ variants_from: { env: 'ARM' }, scenario_param: 'case', pass_env: ['WIRE_KEY'] },
            collect: { files: 'out/*.jsonl', fields: { text: 'reply' } },
          },
        },
      },
      providers: { gate: account, other: { ...account, api: 'responses' } },
      scorers: [
        { contains: { any: ['hello'] }, name: 'says' },
        { autoevals: { scorer: 'Levenshtein', expected: 'hello' } },
        {
          ...{ name: 'judge', pass_at: 0.6, only: { category: ['words'] } },
          judge: {
            ...{
              model: 'j',
              temperature: 0,
              seed: 3,
              params: { top_p: 1 },
              choices: { good: 1, bad: 0 },
              votes: 2,
            },
            ...{ system: 'You judge.', rubric: 'Is it right?', max_output_tokens: 50 },
            prompt: '{{input}} {{output}} {{tool_calls}} {{rubric}} {{vars.place}} {{vars.shape}}',
          },
        },
        { name: 'own', use: './own/deep/score.mjs', options: { b: 1, a: 2 }, inputs: ['facts/a.txt'] },
        {
          ...{
            name: 'told',
            command: ['sh', 'program/score.sh'],
            env: { MODE: 's' },
            options: { b: 1, a: 2 },
          },
          ...{ pass_env: ['WIRE_KEY'], processes: 2 },
        },
      ],
      execution: { concurrency: 2, retries: 1, timeout: '30s', workers: 1 },
      watch: { confirm_usd: 1, debounce: '1s' },
    },
    scenarios: [
      {
        ...{ id: 'words:one', input: 'What is a café?', category: 'words', tags: ['t'], description: 'One.' },
        vars: { place: 'Leeds', spot: 'yard', shape: { tall: 1, long: 2 }, unread: 'u' },
        expect: { contains: 'hello' },
        tool_results: { look_up: ['in {{id}}', { b: '{{vars.shape}}', a: 1 }], not_offered: 'n' },
      },
      {
        ...{
          id: 'words:talk',
          category: 'words',
          vars: { place: 'York', spot: 'lane', shape: { tall: 3, long: 4 } },
        },
        input: [
          { role: 'user', content: 'Hi.' },
          { role: 'assistant', content: 'Hello.' },
          { role: 'user', content: 'What is a house?' },
        ],
      },
    ],
    files: {
      'facts/a.txt': 'A café has chairs.',
      'facts/b.txt': 'A house has a roof.',
      'made/c.txt': 'made',
      'texts/system.txt': 'Be brief, by file.',
      'own/deep/entry.mjs': `import { shown } from './shown.mjs';\nimport '../side.mjs';\nexport default { run: (context) => shown(context) };\n`,
      'own/deep/shown.mjs': `const base = ({ baseURL, _options }) => [baseURL.replace(/^.*:[/][/]/, ''), ...['x-portkey-config', 'x-lane'].map((name) => _options.defaultHeaders.get(name))];
export const shown = ({ attempt, signal, log, client, languageModel, callOptions, ...rest }) => JSON.stringify({ ...rest, client: base(client) });\n`,
      'own/side.mjs': 'export const side = 1;\n',
      'own/deep/score.mjs': `import '../side.mjs';\nexport default { score: ({ signal, log, ...rest }) => ({ score: 1, details: { told: JSON.stringify(rest) } }) };\n`,
      'program/record.sh': `${RECORD}echo '{"text": "ok"}'\n`,
      'program/stream.sh': `read -r line; printf '%s\\n' "$line" >> handed.txt
id=$(printf '%s' "$line" | sed 's/^{"id":"\\([0-9]*\\)".*/\\1/'); printf '{"id":"%s","result":{"text":"ok"}}\\n' "$id"\n`,
      'program/score.sh': `${RECORD}echo '{"score": 1}'\n`,
      'mcp/serve.sh': `{ printf '%s\\n' "$0" "$@"; env | sort | ${UNTOLD}; } >> handed.txt; exit 1\n`,
      'tests/test_a.py': 'def test_a(case): pass\n',
      'tests/test_b.py': 'def test_b(case): pass\n',
      'python.sh': `#!/bin/sh\n{ printf '%s\\n' "$0" "$@"; env | sort | ${UNTOLD}; ${JOB}; } >> handed.txt\n`,
    },
    seen: {
      ...{ name: 'shelf', version: '1' },
      tools: ['alpha', 'beta', 'gamma'].map((name) => ({
        name,
        description: name,
        parameters: WORD,
        strict: null,
      })),
    },
  });
}

/** @returns the manifest's file */
export function writeWorld(folder: string, { manifest, scenarios, files }: World): string {
  const all = {
    ...files,
    'experiment.json': JSON.stringify(manifest),
    ...Object.fromEntries(scenarios.map((one, i) => [`scenarios/${i}.json`, JSON.stringify(one)])),
  };
  for (const [name, text] of Object.entries(all)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  return path.join(folder, 'experiment.json');
}
