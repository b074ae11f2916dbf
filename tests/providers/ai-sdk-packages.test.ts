// Packages that are missing or none, and modules of the project that speak for a provider.
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../rig/files.ts';
import { ask, CLAUDE, completionOf, failureOf, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';
import { tempFolder } from '../rig/temp.ts';

async function failure(sdk: Parameters<typeof sdkEndpoint>[2], type: 'anthropic' | 'ai-sdk' = 'ai-sdk') {
  return failureOf(await ask(await sdkClient(sdkEndpoint(type, 'http://127.0.0.1:9/v1', sdk))));
}

test('a package that is not installed is one sentence with what to type', async () => {
  const here = { folder: tempFolder(), secrets: [] };
  expect(await failure({ sdk: { here } }, 'anthropic')).toEqual({
    ...{ kind: 'bad-request', status: null, retryAfterMs: null },
    message: '@ai-sdk/anthropic is not installed: npm install --save-exact @ai-sdk/anthropic@4',
  });
  const other = await failure({ sdk: { here, package: '@acme/models/chat', create: 'createAcme' } });
  expect(other.message).toBe('@acme/models is not installed: npm install --save-exact @acme/models');
});

test('a function that is not exported, and one that makes nothing of the specification, are told', async () => {
  const missing = await failure({ sdk: { package: '@ai-sdk/groq', create: 'createGrok' } });
  expect(missing.message).toContain('@ai-sdk/groq exports no function createGrok; it has createGroq');
  const folder = tempFolder();
  writeFiles(folder, {
    'old.mjs': `export const createOld = () => ({ languageModel: () => ({ specificationVersion: 'v2' }) });
export const createNothing = () => ({});
export const createAngry = () => { throw new Error('no such region'); };
`,
    'broken.mjs': 'export const createX = ;\n',
  });
  const here = { folder, secrets: [] };
  const of = async (create: string, file = './old.mjs') =>
    (await failure({ sdk: { here, package: file, create } })).message;
  expect(await of('createOld')).toContain('version v2 of the AI SDK');
  expect(await of('createNothing')).toContain('no languageModel');
  expect(await of('createAngry')).toContain('takes no such options: no such region');
  expect(await of('createX', './broken.mjs')).toContain('./broken.mjs cannot be loaded');
  expect(await of('createX', './none.mjs')).toContain("there is no ./none.mjs in the experiment's folder");
});

const OWN = `export function createOwn({ greeting, headers }) {
  return {
    languageModel: (modelId) => ({
      specificationVersion: 'v4',
      provider: 'own.chat',
      modelId,
      supportedUrls: {},
      async doGenerate({ prompt, temperature, providerOptions }) {
        const said = prompt.at(-1).content[0].text;
        return {
          content: [{ type: 'text', text: [greeting, said, temperature, providerOptions?.own?.mood, headers?.['x-a']].join(' ') }],
          finishReason: { unified: 'stop', raw: undefined },
          usage: {
            inputTokens: { total: 4, noCache: 4, cacheRead: undefined, cacheWrite: undefined },
            outputTokens: { total: 2, text: 2, reasoning: undefined },
          },
          response: { modelId: 'own-1' },
          warnings: [],
        };
      },
      async doStream() { throw new Error('no streams'); },
    }),
  };
}
`;

test('a module of the project speaks for a provider, without a request of ours', async () => {
  const folder = tempFolder();
  writeFiles(folder, { 'own.ts': OWN.replace('(modelId)', '(modelId: string)') });
  const client = await sdkClient(
    sdkEndpoint('ai-sdk', null, {
      ...{ apiKeyEnv: null, headers: { 'x-a': 'b' } },
      sdk: {
        ...{ package: './own.ts', create: 'createOwn', options: { greeting: 'Good day,' } },
        here: { folder, secrets: [] },
      },
    }),
  );
  const answer = await ask(client, { ...CLAUDE, temperature: 0.5, params: { mood: 'merry' } });
  expect(completionOf(answer)).toMatchObject({
    ...{ text: 'Good day, hello 0.5 merry b', finishReason: 'stop', servedModel: 'own-1' },
    usage: { inputTokens: 4, outputTokens: 2, totalTokens: 6 },
  });
});

test('a package is found as Node finds it, from the folder of the experiment upwards', async () => {
  const folder = tempFolder();
  const parts = (name: string) => path.join('node_modules', '@acme', 'models', name);
  writeFiles(folder, {
    [parts('package.json')]: JSON.stringify({
      ...{ name: '@acme/models', version: '3.1.4', type: 'module' },
      exports: { '.': { types: './x.d.ts', require: './no.cjs', import: './main.js' }, './sub': './main.js' },
    }),
    [parts('main.js')]: OWN,
    'deep/er/experiment.yaml': '',
  });
  const here = { folder: path.join(folder, 'deep', 'er'), secrets: [] };
  for (const name of ['@acme/models', '@acme/models/sub']) {
    const sdk = { here, package: name, create: 'createOwn', options: { greeting: 'Hi' } };
    const client = await sdkClient(sdkEndpoint('ai-sdk', null, { apiKeyEnv: null, sdk }));
    expect(completionOf(await ask(client)).text).toContain('Hi hello');
  }
  const none = await failure({ sdk: { here, package: '@acme/models/other', create: 'createOwn' } });
  expect(none.message).toContain('has no such entry');
});

test('whoever has no key is sent no other vendor’s: nothing of this environment is read', async () => {
  const before = process.env.ANTHROPIC_API_KEY;
  process.env.ANTHROPIC_API_KEY = 'sk-canary-of-the-environment';
  try {
    const { startModelServer } = await import('../rig/model-server.ts');
    await using server = await startModelServer();
    const asked = ask(await sdkClient(sdkEndpoint('anthropic', server.url, { apiKeyEnv: null })));
    const held = await server.next();
    held.drop();
    await asked;
    expect(held.headers['x-api-key']).toBe('none');
  } finally {
    if (before === undefined) delete process.env.ANTHROPIC_API_KEY;
    else process.env.ANTHROPIC_API_KEY = before;
  }
});
