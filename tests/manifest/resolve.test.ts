// From a sound manifest to plain data: defaults, matrix, providers, secrets, inputs, and what may be written down.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { experiment, load, loadFolder, makeFolder, manifestOf } from './folder.ts';

describe('defaults', () => {
  it('fill every field', async () => {
    const manifest = await manifestOf(experiment(''));
    expect(manifest.variants).toEqual([
      {
        ...{
          name: 'one',
          slug: 'one',
          provider: 'sim',
          model: 'sim-small',
          temperature: null,
          maxOutputTokens: null,
        },
        ...{
          params: {},
          system: null,
          template: '{{input}}',
          tools: [],
          maxTurns: 1,
          seed: null,
          salt: '',
          runs: 1,
          mcp: null,
          harness: null,
        },
      },
    ]);
    expect(manifest.providers).toEqual({
      sim: {
        ...{
          name: 'sim',
          type: 'sim',
          baseUrl: null,
          apiKeyEnv: null,
          api: 'chat',
          headers: {},
          keyHeaders: [],
        },
        limits: { concurrency: null, requestsPerMinute: null, tokensPerMinute: null },
        ...{
          pricing: {
            'sim-small': { input: 0.15, cachedInput: null, output: 0.6 },
            'sim-large': { input: 2.5, cachedInput: null, output: 10 },
          },
          sim: DEFAULT_SIM_SETTINGS,
        },
      },
    });
    expect(manifest.execution).toEqual({
      concurrency: 128,
      retries: 4,
      timeoutMs: 60_000,
      budgetUsd: null,
      workers: 2,
    });
    expect(manifest).toMatchObject({ name: 'demo', description: null, inputs: [], secrets: [] });
  });
  it('let a watch run what costs half a dollar at most', async () => {
    expect((await manifestOf(experiment(''))).watch).toEqual({ confirmUsd: 0.5, debounceMs: 100 });
    const { watch } = await manifestOf(experiment('watch: { confirm_usd: null, debounce: 0.25 }\n'));
    expect(watch).toEqual({ confirmUsd: null, debounceMs: 250 });
  });
  it.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['30', 30_000],
    ['0.25', 250],
  ])('of the timeout are not used for %s', async (written, timeoutMs) => {
    const { execution } = await manifestOf(experiment(`execution: { timeout: ${written} }\n`));
    expect(execution.timeoutMs).toBe(timeoutMs);
  });
});

describe('a variant', () => {
  it('overrides the top level, null included', async () => {
    const { variants } = await manifestOf(
      experiment(
        'temperature: 0.5\nmodel: m\nruns: 3\nseed: 7\nsalt: s\n',
        '  two: { temperature: null, model: n, runs: 1, salt: t }\n',
      ),
    );
    expect(variants).toMatchObject([
      { temperature: 0.5, model: 'm', runs: 3, seed: 7, salt: 's' },
      { temperature: null, model: 'n', runs: 1, seed: 7, salt: 't' },
    ]);
  });
  it('takes the model of its provider where it names none', async () => {
    const { variants } = await manifestOf(
      experiment('', '  two: { provider: openai }\nproviders: { openai: { type: openai, model: big } }\n'),
    );
    expect(variants.map(({ provider, model }) => [provider, model])).toEqual([
      ['sim', 'sim-small'],
      ['openai', 'big'],
    ]);
  });
  it('expands by its matrix, lists of tools and parameters by their number', async () => {
    const { variants } = await manifestOf({
      ...experiment(
        '',
        '  two: { matrix: { model: [a, B/c], tools: [[], [{ name: t }]], params: [{ top_p: 1 }] } }\n',
      ),
    });
    expect(
      variants
        .slice(1)
        .map(({ name, slug, model, tools, params }) => [name, slug, model, tools.length, params]),
    ).toEqual([
      ['two[model=a,tools=0,params=0]', 'two-model=a-tools=0-params=0', 'a', 0, { top_p: 1 }],
      ['two[model=a,tools=1,params=0]', 'two-model=a-tools=1-params=0', 'a', 1, { top_p: 1 }],
      ['two[model=B/c,tools=0,params=0]', 'two-model=b-c-tools=0-params=0', 'B/c', 0, { top_p: 1 }],
      ['two[model=B/c,tools=1,params=0]', 'two-model=b-c-tools=1-params=0', 'B/c', 1, { top_p: 1 }],
    ]);
  });
  it('of a matrix that nobody can pay for is refused before it is made', async () => {
    const axis = JSON.stringify(Array.from({ length: 100 }, (_, i) => i / 100));
    const { diagnostics } = await load(
      experiment(
        '',
        `  two: { matrix: { temperature: ${axis}, max_output_tokens: [${Array.from({ length: 100 }, (_, i) => i + 1)}] } }\n`,
      ),
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'this matrix has 10000 combinations; the limit is 1000',
    ]);
  });
  it('reads its texts and tools from files beside the manifest', async () => {
    const { variants } = await manifestOf({
      ...experiment(
        'system: { file: prompts/system.md }\ntemplate: { file: prompts/user.md }\ntools: tools/all.json\n',
      ),
      'prompts/system.md': 'Be kind.\n',
      'prompts/user.md': 'Q: {{input}}',
      'tools/all.json': '{"tools": [{"name": "find", "parameters": {"type": "object"}, "strict": true}]}',
    });
    expect(variants[0]).toMatchObject({
      ...{ system: 'Be kind.\n', template: 'Q: {{input}}' },
      tools: [{ name: 'find', description: null, parameters: { type: 'object' }, strict: true }],
    });
  });
});

describe('a provider', () => {
  const providers =
    'providers:\n  mine:\n    type: openai\n    base_url: "https://user:pass-word@${HOST}/v1"\n    api_key_env: MY_KEY\n    headers: { x-org: "${ORG}", x-plain: literal-token }\n    limits: { rpm: 5 }\n    pricing: { m: { input: 1, output: 2, cached_input: 0.5 } }\n';
  const env = { HOST: 'models.example', MY_KEY: 'sk-canary-1', ORG: 'org-canary-2', UNUSED: 'never-read' };

  it('gets what the environment holds, and gives it away as secrets only', async () => {
    const manifest = await manifestOf(experiment(providers), env);
    expect(manifest.providers.mine).toMatchObject({
      ...{ baseUrl: 'https://user:pass-word@models.example/v1', apiKeyEnv: 'MY_KEY' },
      headers: { 'x-org': 'org-canary-2', 'x-plain': 'literal-token' },
      limits: { concurrency: null, requestsPerMinute: 5, tokensPerMinute: null },
      pricing: { m: { input: 1, cachedInput: 0.5, output: 2 } },
    });
    expect(manifest.secrets).toEqual([
      { name: 'HOST', value: 'models.example' },
      { name: 'ORG', value: 'org-canary-2' },
      { name: 'mine.base_url', value: 'user' },
      { name: 'mine.base_url', value: 'pass-word' },
      { name: 'MY_KEY', value: 'sk-canary-1' },
    ]);
    const written = JSON.stringify(manifest.printable);
    for (const secret of ['canary', 'models.example', 'pass-word', 'literal-token'])
      expect(written).not.toContain(secret);
    expect(written).toContain('https://${HOST}/v1');
  });
  it('without a key is fine: planning needs none', async () => {
    const manifest = await manifestOf(experiment('', '  two: { provider: openai, model: m }\n'));
    expect(manifest.providers.openai?.apiKeyEnv).toBe('OPENAI_API_KEY');
    expect(manifest.secrets).toEqual([]);
  });
  it('at an address of its own is not sent the key of OpenAI', async () => {
    const manifest = await manifestOf(
      experiment('providers: { openai: { type: openai, base_url: "http://127.0.0.1:1/v1" } }\n'),
      { OPENAI_API_KEY: 'sk-canary-1' },
    );
    expect(manifest.providers.openai?.apiKeyEnv).toBeNull();
    expect(manifest.secrets).toEqual([]);
  });
  it('of the built-in name sim keeps the simulated prices and settings that it does not set', async () => {
    const { providers: found } = await manifestOf(
      experiment(
        'providers: { sim: { type: sim, sim: { latency_ms: 0 }, pricing: { x: { input: 1, output: 1 } } } }\n',
      ),
    );
    expect(found.sim?.sim).toEqual({ ...DEFAULT_SIM_SETTINGS, latencyMs: 0 });
    expect(Object.keys(found.sim!.pricing)).toEqual(['sim-small', 'sim-large', 'x']);
  });
  it('may be called anything, and values of the environment are not read again for references', async () => {
    const manifest = await manifestOf(
      experiment('providers: { "a b": { type: openai, base_url: "http://h/", headers: { h: "${A}" } } }\n'),
      { A: '${B}' },
    );
    expect(manifest.providers['a b']?.headers).toEqual({ h: '${B}' });
  });
});

describe('the manifest', () => {
  it('holds the digest of each input, sorted by path', async () => {
    const { inputs } = await manifestOf({
      ...experiment('inputs: ["data/**", rules.txt]\n'),
      'rules.txt': 'r',
      'data/b.bin': Buffer.from([0, 255]),
      'data/a/x': 'x',
    });
    expect(inputs).toEqual([
      { path: 'data/a/x', digest: sha256('x') },
      { path: 'data/b.bin', digest: sha256(Buffer.from([0, 255])) },
      { path: 'rules.txt', digest: sha256('r') },
    ]);
  });
  it('is refused where an input matches nothing', async () => {
    const { diagnostics } = await load(experiment('inputs: ["data/**"]\n'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['empty-glob']);
  });
  it('prints its scenarios by id', async () => {
    const { printable } = await manifestOf(experiment(''));
    expect(printable).toMatchObject({ version: 1, name: 'demo', scenarios: ['a'] });
  });
  it('of the sample is the same without the last line ends of its files', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const names = [
      ...['experiment.yaml', 'sim-answers.yaml'],
      ...['scenarios', 'src/variants/samples'].flatMap((at) =>
        readdirSync(root + at).map((name) => `${at}/${name}`),
      ),
    ];
    const texts = names
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [name, readFileSync(root + name, 'utf8')] as const);
    const ended = await loadFolder(makeFolder(Object.fromEntries(texts)));
    const open = await loadFolder(
      makeFolder(Object.fromEntries(texts.map(([name, text]) => [name, text.trimEnd()]))),
    );
    const comparable = ({ folder, manifest }: typeof ended) =>
      JSON.stringify(manifest).replaceAll(folder, '');
    expect(ended.manifest?.scenarios).toHaveLength(20);
    expect(comparable(ended)).toBe(comparable(open));
  });
  it('loads the same twice', async () => {
    const folder = makeFolder(experiment('tools: [{ name: t }]\n'));
    expect(await loadFolder(folder)).toEqual(await loadFolder(folder));
  });
});
