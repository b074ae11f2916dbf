// The contract of a type of provider, for each that there is. A new one has a row in FORMS.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withProviderTypes } from '../../scripts/generate-provider-types.ts';
import { entryOf, PROVIDER_TYPES, type ProviderType } from '../../src/core/providers/table.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { makeClients } from '../../src/providers/index.ts';
import { startSimInThread } from '../../src/sim/server/host.ts';
import { type Form, testProvider } from '../contract/provider.ts';
import { writeFiles } from '../rig/files.ts';
import {
  chatAnswer,
  claudeAnswer,
  geminiAnswer,
  REQUEST,
  realClock,
  responseAnswer,
} from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const error = (message: string) => ({ error: { message } });
const keyHeader = { name: 'authorization', value: (key: string) => `Bearer ${key}` };

const CHAT: Form = {
  ...{ api: 'chat', answer: chatAnswer, error, keyHeader },
  call: (given) =>
    chatAnswer('', {
      choices: [
        {
          ...{ index: 0, finish_reason: 'tool_calls' },
          message: {
            ...{ role: 'assistant', content: null },
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'look_up', arguments: JSON.stringify(given) } },
            ],
          },
        },
      ],
    }),
};

const RESPONSES: Form = {
  ...{ api: 'responses', answer: responseAnswer, error, keyHeader },
  call: (given) =>
    responseAnswer('', {
      output: [
        {
          ...{ type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look_up', status: 'completed' },
          arguments: JSON.stringify(given),
        },
      ],
    }),
};

/** Claude's messages. */
const MESSAGES: Form = {
  api: 'chat',
  answer: (text) => claudeAnswer([{ type: 'text', text }]),
  call: (given) =>
    claudeAnswer([{ type: 'tool_use', id: 'toolu_1', name: 'look_up', input: given }], 'tool_use'),
  error: (message) => ({ type: 'error', error: { type: 'some_error', message } }),
  keyHeader: { name: 'x-api-key', value: (key) => key },
};

/** Gemini's generateContent. */
const GEMINI: Form = {
  api: 'chat',
  answer: (text) => geminiAnswer([{ text }]),
  call: (given) => geminiAnswer([{ functionCall: { name: 'look_up', args: given } }]),
  error: (message) => ({ error: { code: 400, message, status: 'SOME_STATUS' } }),
  keyHeader: { name: 'x-goog-api-key', value: (key) => key },
  asked: ({ path, body }) => {
    const config = (body.generationConfig ?? {}) as { temperature?: unknown; topP?: unknown };
    return {
      model: /models\/([^:]+):/.exec(path)?.[1],
      ...{ temperature: config.temperature, top_p: config.topP },
    };
  },
};

const FORMS: { readonly [type in ProviderType]?: readonly Form[] } = {
  openai: [CHAT, RESPONSES],
  sim: [CHAT, RESPONSES],
  none: [],
  anthropic: [MESSAGES],
  google: [GEMINI],
};

for (const type of PROVIDER_TYPES) testProvider(entryOf(type), FORMS[type] ?? []);

describe('the table of providers', () => {
  test('each row is named like its entry', () => {
    expect(PROVIDER_TYPES.map((type) => entryOf(type).type)).toEqual(PROVIDER_TYPES);
  });

  test('what the schema says of types is what the table says (npm run generate)', () => {
    const schema = readFileSync(new URL('../../schema/experiment.schema.json', import.meta.url), 'utf8');
    expect(withProviderTypes(schema)).toBe(schema);
    const { type } = JSON.parse(schema).definitions.provider.properties;
    expect(type.enum).toEqual(PROVIDER_TYPES);
    for (const name of PROVIDER_TYPES) expect(type.description).toContain(`${name}: `);
  });

  test('settings of one type are settings that a manifest may have', () => {
    const schema = readFileSync(new URL('../../schema/experiment.schema.json', import.meta.url), 'utf8');
    const { properties } = JSON.parse(schema).definitions.provider;
    const own = PROVIDER_TYPES.flatMap((type) => entryOf(type).ownSettings);
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([...own]));
  });
});

test('a type that there is not is told once, with its place and what would be right, and nothing else of its account is', async () => {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: mistaken
scenarios: [scenarios.yaml]
variants: { one: { provider: mine } }
scorers: [{ judge: { provider: mine, rubric: r } }]
providers: { mine: { type: opnai, auth: none } }
`,
    'scenarios.yaml': '- { id: a, input: b }\n',
  });
  const loaded = await loadManifest({ file: `${folder}/experiment.yaml`, env: {} });
  const told = loaded.kind === 'err' ? loaded.error.map(({ message }) => message) : [];
  expect(told).toEqual([expect.stringContaining('opnai')]);
});

test.each(['chat', 'responses'] as const)('our own simulation is read through the %s API', async (api) => {
  await using sim = await startSimInThread({ ...DEFAULT_SIM_SETTINGS, latencyMs: 0 });
  const client = await makeClients({ env: {}, clock: realClock })({
    ...{ type: 'sim', baseUrl: sim.url, apiKeyEnv: null, api, headers: {} },
  });
  if (client.kind === 'err') throw new Error(client.error.message);
  const { signal } = new AbortController();
  const answer = await client.value.complete({ ...REQUEST, model: 'sim-small' }, { signal, run: 1 });
  expect(answer).toMatchObject({
    kind: 'completion',
    completion: { text: expect.stringMatching(/\w/), usage: { inputTokens: expect.any(Number) } },
  });
});
