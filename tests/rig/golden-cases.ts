// Manifests whose keys are pinned: one of each kind that there is.
import type { Manifest } from '../../src/core/manifest.ts';
import { manifest, VARIANT } from './manifests.ts';

const CODE = { files: [{ path: 'a.py', digest: 'e'.repeat(64) }], packages: [{ name: 'p', version: '1' }] };
const NO_FILES = { inputs: [] };

const FILE = { file: 'a.png', bytes: 9, width: 4, height: 3 };
const SHOWN: Manifest['scenarios'][number]['input'] = [
  {
    role: 'user',
    content: [
      { type: 'image', media_type: 'image/png', sha256: 'f'.repeat(64), ...FILE },
      { type: 'pdf', media_type: 'application/pdf', sha256: 'd'.repeat(64), file: 'b.pdf', bytes: 8 },
      { type: 'text', text: 'What is this?' },
    ],
  },
];

/** By name: a manifest, and the run. */
export function goldenCases(): { readonly [name: string]: readonly [Manifest, number] } {
  const plain = (of: Parameters<typeof manifest>[0] = {}, run = 1): readonly [Manifest, number] => [
    manifest({ ...of, more: { ...NO_FILES, ...of.more } }),
    run,
  ];
  const [schedule, list] = VARIANT.tools as [
    Manifest['variants'][number]['tools'][number],
    (typeof VARIANT.tools)[number],
  ];
  // As canonical JSON has them.
  const tools = [
    { ...schedule, parameters: { properties: { title: { type: 'string' } }, type: 'object' } },
    list,
  ];
  return {
    whole: plain({ variant: { tools } }),
    'run 2': plain({ variant: { tools } }, 2),
    bare: plain({
      variant: {
        ...{ temperature: null, maxOutputTokens: null, params: {}, system: null, template: '{{input}}' },
        ...{ tools: [], seed: null, salt: '' },
      },
      provider: { baseUrl: null },
    }),
    'sim, responses': plain({
      variant: { tools },
      provider: { type: 'sim', api: 'responses', baseUrl: 'http://127.0.0.1:1/v1' },
    }),
    'chat messages': plain({
      variant: { tools },
      scenario: {
        input: [
          { content: 'Hi', role: 'user' },
          { content: 'Hello', role: 'assistant' },
        ],
      },
    }),
    'id and category': plain({ variant: { tools, template: '{{id}} {{category}} {{input}}' } }),
    unicode: plain({ variant: { tools }, scenario: { input: 'Caf\u00e9 \u{1f600}' } }),
    'a loop': plain({ variant: { tools: [{ ...schedule, parameters: null, result: 'done' }], maxTurns: 3 } }),
    'accents apart': plain({ variant: { tools }, scenario: { input: 'Cafe\u0301' } }),
    'parameters in another order': plain(),
    inputs: plain({ variant: { tools }, more: { inputs: manifest().inputs } }),
    'own code': plain({ variant: { tools, harness: { kind: 'module', file: 'a.ts', code: CODE } } }),
    'files in a conversation': plain({ variant: { tools }, scenario: { input: SHOWN } }),
    'files for own code': plain({
      variant: { tools, harness: { kind: 'module', file: 'a.ts', code: CODE } },
      scenario: { input: SHOWN },
    }),
    'a command': plain({
      variant: {
        tools,
        harness: {
          ...{ kind: 'command', argv: ['python3', 'a.py'], protocol: 'once', processes: 8, inFlight: 1 },
          ...{ env: { set: { MODE: 'fast' }, pass: ['KEY'] }, code: CODE },
        },
      },
    }),
    pytest: plain({
      variant: {
        tools,
        harness: {
          ...{ kind: 'pytest', paths: ['tests'], python: 'python3', args: ['-k', 'x'], variant: 'one' },
          ...{
            variantsFrom: { kind: 'param', name: 'variant' },
            scenarioParam: null,
            runsFrom: null,
            hasOwnRuns: false,
            collect: null,
            empty: 'failed',
          },
          ...{ batch: 500, env: { set: {}, pass: [] }, code: CODE, survey: null, reach: null },
          endTimeoutMs: 60_000,
        },
      },
    }),
    'an MCP server': plain({
      variant: {
        tools,
        mcp: {
          ...{
            command: ['node', 'server.js'],
            url: null,
            env: { set: {}, pass: [] },
            only: null,
            code: CODE,
          },
          seen: { name: 'shelf', version: '1.0.0', tools: VARIANT.tools },
        },
      },
    }),
    prepared: plain({
      variant: { tools },
      more: {
        prepare: [
          {
            ...{ argv: ['make'], env: { set: {}, pass: [] }, timeoutMs: 1, inputs: [], outputs: ['b'] },
            ...{ made: [{ path: 'b', digest: 'f'.repeat(64) }], code: CODE },
          },
        ],
      },
    }),
    'an answer of a form': plain({
      variant: {
        tools,
        responseFormat: {
          ...{ kind: 'schema', name: 'answer', description: null, strict: true },
          schema: { type: 'object', properties: { b: { type: 'string' }, a: { type: 'number' } } },
        },
      },
    }),
    'any JSON': plain({ variant: { tools, responseFormat: { kind: 'json' } } }),
    'what a package sends': plain({
      variant: {
        ...{ tools: [{ ...schedule, parameters: null, result: 'done' }], maxTurns: 3, system: 'Be brief.' },
        frame: {
          ...{ version: '4.0.105', path: '/messages', headers: { 'anthropic-version': '2023-06-01' } },
          body: {
            max_tokens: 3000,
            model: 'claude-sonnet-4-5',
            temperature: 0.2,
            tools: [{ name: 'schedule_task' }],
          },
        },
      },
      provider: {
        ...{ type: 'anthropic', baseUrl: null },
        sdk: {
          ...{ package: '@ai-sdk/anthropic', create: 'createAnthropic', method: null, options: {} },
          ...{ written: {}, allow: ['temperature'], version: '4.0.105' },
        },
      },
    }),
  };
}
