// Providers that a package speaks for, as they are written: what is read, what is secret, what is a mistake.
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../src/manifest/variants/providers.ts';
import { enginePart } from '../../src/variants/fingerprint.ts';
import { endpointOf } from '../../src/variants/request.ts';
import { experiment, load, manifestOf } from './folder.ts';

const asking = (provider: string) => experiment('', `providers:\n  mine: ${provider}\n`);
const uses = (provider: string) =>
  experiment('model: m\n', `  two: { provider: mine }\nproviders:\n  mine: ${provider}\n`);

describe('a provider by package', () => {
  it('has the package of its vendor, its options filled, and travels as it was written', async () => {
    const { providers, secrets, printable } = await manifestOf(
      uses(
        '{ type: bedrock, options: { region: "${REGION}", deep: { list: ["a-${TOKEN}"] }, secretAccessKey: wJalrXUtnFEMI/K7MDENG }, allow: [temperature] }',
      ),
      { REGION: 'eu-central-1', TOKEN: 'abcdef-123456' },
    );
    const { mine } = providers;
    expect(mine!.sdk).toEqual({
      ...{ package: '@ai-sdk/amazon-bedrock', create: 'createAmazonBedrock', method: null },
      options: {
        ...{ region: 'eu-central-1', deep: { list: ['a-abcdef-123456'] } },
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
      },
      written: {
        ...{ region: '${REGION}', deep: { list: ['a-${TOKEN}'] } },
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
      },
      allow: ['temperature'],
    });
    expect(endpointOf(mine!).sdk).toEqual({
      ...{ package: '@ai-sdk/amazon-bedrock', create: 'createAmazonBedrock', method: null },
      options: mine!.sdk!.written,
    });
    expect(secrets.map(({ name }) => name)).toEqual(['REGION', 'TOKEN', 'secretAccessKey']);
    expect((printable.providers as { mine: object }).mine).toMatchObject({
      ...{ package: '@ai-sdk/amazon-bedrock', options: ['deep', 'region', 'secretAccessKey'] },
      allow: ['temperature'],
    });
    expect(JSON.stringify(printable)).not.toContain('wJalr');
  });

  it('is made by a method of the package only where the manifest says which API', async () => {
    const method = async (api: string) =>
      (await manifestOf(uses(`{ type: azure, ${api} }`))).providers.mine!.sdk!.method;
    expect([await method(''), await method('api: chat'), await method('api: responses')]).toEqual([
      null,
      'chat',
      'responses',
    ]);
  });

  it.each(['authToken', 'tokenProvider'])(
    'is not asked for its usual key where %s among its options signs',
    async (option) => {
      const keyOf = async (more: string) =>
        (await manifestOf(uses(`{ type: anthropic${more} }`))).providers.mine!.apiKeyEnv;
      expect(await keyOf(`, options: { ${option}: abc-123456 }`)).toBeNull();
      expect(await keyOf('')).toBe('ANTHROPIC_API_KEY');
      expect(await keyOf(`, api_key_env: MINE, options: { ${option}: abc-123456 }`)).toBe('MINE');
    },
  );

  it('may be a module of the project, which counts with all that it imports', async () => {
    const files = {
      ...uses('{ type: ai-sdk, package: ./acme.mjs, create: createAcme }'),
      'acme.mjs': "export { createAcme } from './lib/make.mjs';\n",
      'lib/make.mjs': 'export const createAcme = () => 1;\n',
    };
    const [one, two] = await Promise.all([
      manifestOf(files),
      manifestOf({ ...files, 'lib/make.mjs': 'export const createAcme = () => 2;\n' }),
    ]);
    const content = enginePart(one.providers.mine!).content;
    expect(content).toMatchObject({
      ...{ type: 'ai-sdk', create: 'createAcme', entry: 'acme.mjs' },
      code: { 'acme.mjs': expect.any(String), 'lib/make.mjs': expect.any(String) },
    });
    expect(enginePart(two.providers.mine!).digest).not.toBe(enginePart(one.providers.mine!).digest);
  });

  it('is there without being declared, but for the one that has to name its package', () => {
    expect(Object.keys(BUILT_IN)).toEqual([
      ...['sim', 'openai', 'none', 'anthropic', 'google', 'mistral', 'bedrock', 'azure', 'groq', 'xai'],
      ...['cohere', 'deepseek'],
    ]);
  });
});

describe('a mistake', () => {
  it.each([
    ['what only packages are told', '{ type: openai, options: { a: 1 }, allow: [temperature] }'],
    [
      'a package of a type that has its own',
      '{ type: anthropic, package: "@ai-sdk/openai", create: createOpenAI }',
    ],
    ['no package, and no function', '{ type: ai-sdk }'],
    ['no name of a package', '{ type: ai-sdk, package: "/home/me/x.ts", create: c }'],
    ['a module that is not there', '{ type: ai-sdk, package: ./none.ts, create: c }'],
    [
      'what expgraph sets',
      '{ type: anthropic, options: { apiKey: "${K}", baseURL: x, deep: { headers: 1 } } }',
    ],
    [
      'settings of another wire',
      '{ type: google, echo: [reasoning], max_tokens_field: max_tokens, auth: bearer }',
    ],
    ['a variable that is not set', '{ type: google, options: { a: ["${NOT_SET}"] } }'],
    [
      'a key that stands in it',
      '{ type: bedrock, options: { secretAccessKey: wJalrXUtnFEMI/K7MDENG }, b: 1 }',
    ],
  ])('is %s', async (_name, provider) => {
    const { printed } = await load(asking(provider), { K: 'k-123456-abc' });
    expect(printed).toMatchSnapshot();
  });
});
