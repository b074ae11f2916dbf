// What packages make of requests, before anything is planned: in keys, with the true packages. What they change is a mistake with
// a place; one that is missing is a mistake with the command to type; whoever only reads needs none.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainChange } from '../../../src/planner/explain.ts';
import { built, type Experiment, openExperiment } from '../../../src/project/open/experiment.ts';
import { type Files, makeFolder } from '../../manifest/folder.ts';
import { inProcess, type Said } from '../../rig/in-process.ts';
import { acmeModule, installPackages } from '../../rig/packages.ts';
import { testWorld } from '../../rig/world.ts';

const ASKED = `version: 1
name: framed
provider: claude
model: claude-sonnet-4-5
temperature: 0.2
max_output_tokens: 3000
scenarios: [s.yaml]
`;
const CLAUDE = 'claude: { type: anthropic }';

function files(variants: string, providers = CLAUDE, more: Files = {}): Files {
  return {
    'experiment.yaml': `${ASKED}variants:\n${variants}providers:\n  ${providers}\n`,
    's.yaml': '- { id: a, input: hello }\n',
    ...more,
  };
}

function folderWith(of: Files): string {
  const folder = makeFolder(of);
  installPackages(folder);
  return folder;
}

const run = (folder: string, argv: readonly string[], env = {}): Promise<Said> =>
  inProcess(argv, { cwd: folder, env });

async function open(folder: string, env: { readonly [name: string]: string } = {}): Promise<Experiment> {
  const world = testWorld(folder, env);
  return built(world, await openExperiment(world, 'experiment.yaml', { as: 'plan' }), 'make');
}

function edit(folder: string, from: string | RegExp, to: string): void {
  const file = path.join(folder, 'experiment.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

describe('the request that a package makes', () => {
  it('is what counts of a variant, in the place of its settings', async () => {
    const { parts } = await open(folderWith(files('  one: { system: Be brief. }\n')));
    const [{ variant, engine }] = parts as [Experiment['parts'][number]];
    expect(variant.content).toEqual({
      frame: {
        max_tokens: 3000,
        messages: [{ content: [{ text: 'input', type: 'text' }], role: 'user' }],
        model: 'claude-sonnet-4-5',
        system: [{ text: 'system', type: 'text' }],
        temperature: 0.2,
      },
      headers: { 'anthropic-version': '2023-06-01' },
      path: '/messages',
      system: 'Be brief.',
      template: '{{input}}',
    });
    expect(engine.content).toEqual({ type: 'anthropic', major: '4' });
  });

  it('explains what moved in the words of the wire, and stays where nothing of it moves', async () => {
    const folder = folderWith(
      files(
        '  one: { params: { thinking: { type: enabled, budgetTokens: 2048 } }, temperature: null }\n',
        'claude: { type: anthropic, allow: [max_output_tokens] }',
      ),
    );
    const before = await open(folder);
    edit(folder, 'max_output_tokens: 3000', 'max_output_tokens: 7168\nseed: 7');
    const after = await open(folder);
    edit(folder, 'seed: 7', 'seed: 8');
    const seeded = await open(folder);
    const digestsOf = ({ parts: [one] }: Experiment) => ({
      variant: one!.variant.digest,
      scenario: one!.scenarios[0]!.digest,
      engine: one!.engine.digest,
    });
    const contents = new Map(
      [before, after].flatMap(({ parts }) => parts.map(({ variant }) => [variant.digest, variant.content])),
    );
    const changes = explainChange({
      from: digestsOf(before),
      to: digestsOf(after),
      content: (digest) => contents.get(digest),
    });
    expect(changes).toEqual([{ part: 'variant.frame.max_tokens', from: 5048, to: 9216 }]);
    expect(digestsOf(seeded)).toEqual(digestsOf(after));
  });

  it('is built of each list of tools that scenarios bring', async () => {
    const { parts } = await open(
      folderWith(
        files('  one: { tools: [{ name: mine }] }\n', CLAUDE, {
          's.yaml':
            '- { id: a, input: x }\n- { id: b, input: y, tools: [{ name: theirs, parameters: { type: object, properties: { z: {}, a: {} } } }] }\n',
        }),
      ),
    );
    const [plain, own] = parts[0]!.scenarios;
    expect(plain!.content).toEqual({ input: 'x' });
    expect(own!.content).toMatchObject({
      input: 'y',
      frame: {
        tools: [{ name: 'theirs', input_schema: { type: 'object', properties: { z: {}, a: {} } } }],
      },
    });
  });

  it('counts for a judge as well', async () => {
    const folder = folderWith({
      ...files('  one: {}\n'),
      'experiment.yaml': `${ASKED}variants: { one: {} }\nproviders: { ${CLAUDE} }\nscorers: [{ judge: { temperature: 0, rubric: r, max_output_tokens: 500 } }]\n`,
    });
    const { manifest } = await open(folder);
    expect(manifest.scorers[0]).toMatchObject({
      frame: {
        path: '/messages',
        body: { max_tokens: 500, temperature: 0, output_config: { format: { type: 'json_schema' } } },
      },
    });
  });

  it('is none of own code and programs: they speak to whom they like', async () => {
    const { manifest, parts } = await open(
      folderWith(files('  one: { command: [cat] }\n  two: { use: ./two.mjs }\n', CLAUDE, { 'two.mjs': '' })),
    );
    expect(manifest.variants.map(({ frame }) => frame)).toEqual([undefined, undefined]);
    expect(parts.map(({ engine }) => engine.content.major)).toEqual(['4', '4']);
    expect(parts[0]!.variant.content).toMatchObject({ model: 'claude-sonnet-4-5', temperature: 0.2 });
  });
});

describe('what a package changes', () => {
  it('is a mistake at the setting that it changes', async () => {
    const folder = folderWith(
      files(
        [
          '  cold: { params: { thinking: { type: enabled, budgetTokens: 2048 } } }',
          '  long: { max_output_tokens: 900000 }',
          '  odd: { params: { topp: 0.5, thnking: { type: enabled, budgetTokens: 9 } } }',
          '  both: { params: { top_p: 0.5 } }',
          '  loose: { response_format: json }',
          '  strict: { response_format: { schema: { type: object, properties: { a: { type: string } } }, strict: false } }',
          '  unbound: { max_output_tokens: null }',
          '',
        ].join('\n'),
      ),
    );
    const { code, err, out } = await run(folder, ['plan']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.replaceAll(/anthropic \d[\d.]*/g, 'anthropic 4.x')).toMatchSnapshot();
    expect(existsSync(path.join(folder, 'artifacts'))).toBe(false);
  });

  it('is none where the provider allows it by name, with or without "params"', async () => {
    const folder = folderWith(
      files(
        '  one: { params: { thinking: { type: enabled, budgetTokens: 2048 }, top_p: 0.5 } }\n',
        'claude: { type: anthropic, allow: [max_output_tokens, temperature, top_p] }',
      ),
    );
    expect(await run(folder, ['plan'])).toMatchObject({ code: 0, err: '' });
  });
});

describe('a package', () => {
  it('that is missing is one mistake a provider, with the command to type', async () => {
    const folder = makeFolder(
      files('  one: {}\n  two: {}\n  three: { provider: google, model: g }\n', CLAUDE),
    );
    expect((await run(folder, ['plan'])).err).toMatchInlineSnapshot(`
      "experiment.yaml:11:22 error: the provider "google" needs a package: @ai-sdk/google is not installed
       11 |   three: { provider: google, model: g }
          |                      ^^^^^^
          help: npm install --save-exact @ai-sdk/google@4

      experiment.yaml:13:19 error: the provider "claude" needs a package: @ai-sdk/anthropic is not installed
       13 |   claude: { type: anthropic }
          |                   ^^^^^^^^^
          help: npm install --save-exact @ai-sdk/anthropic@4
      expgraph: 2 mistakes; nothing was started
      "
    `);
    expect((await run(folder, ['run'])).code).toBe(2);
    expect((await run(folder, ['doctor'])).err).toContain('npm install --save-exact @ai-sdk/anthropic@4');
  });

  it('is not needed by who only reads, and not by a program', async () => {
    const folder = folderWith(files('  one: {}\n'));
    const { parts } = await open(folder);
    rmSync(path.join(folder, 'node_modules'), { recursive: true });
    for (const command of [['status'], ['history'], ['variants'], ['log'], ['fsck']])
      expect(await run(folder, command)).toMatchObject({ code: expect.not.toSatisfy((code) => code === 2) });
    const read = await openExperiment(testWorld(folder), 'experiment.yaml');
    expect(read.parts).toEqual(parts);
    const program = makeFolder(files('  one: { command: [cat] }\n'));
    expect((await run(program, ['plan'])).code).toBe(0);
  });

  it('of another major is told, and has keys of its own', async () => {
    const folder = makeFolder({
      ...files('  one: { command: [cat] }\n  two: { use: ./two.mjs }\n'),
      'two.mjs': '',
      'node_modules/@ai-sdk/anthropic/package.json':
        '{ "name": "@ai-sdk/anthropic", "version": "3.0.7", "type": "module", "exports": "./index.js" }',
      'node_modules/@ai-sdk/anthropic/index.js':
        "export const createAnthropic = () => ({ languageModel: () => ({ specificationVersion: 'v3' }) });",
    });
    const { code, err } = await run(folder, ['plan']);
    expect(code).toBe(0);
    expect(err).toMatchInlineSnapshot(`
      "experiment.yaml:12:19 warning: @ai-sdk/anthropic is installed in version 3.0.7, and expgraph was tried with 4: its answers have keys of their own
       12 |   claude: { type: anthropic }
          |                   ^^^^^^^^^
          help: npm install --save-exact @ai-sdk/anthropic@4
      "
    `);
    expect((await open(folder)).parts[1]!.engine.content).toEqual({ type: 'anthropic', major: '3' });
    edit(folder, '  one: { command: [cat] }', '  one: {}');
    expect((await run(folder, ['plan'])).err).toContain('specification');
  });
});

describe('a module of the project', () => {
  const ACME =
    'acme: { type: ai-sdk, package: ./acme.mjs, create: createAcme, base_url: "https://acme.example/v1", options: { token: "${ACME_TOKEN}" } }';
  const ENV = { ACME_TOKEN: 'acme-secret-0123456789' };

  it('is asked once a request, and not by a plan that changes nothing', async () => {
    const folder = folderWith({
      ...files('  one: { provider: acme }\n  two: { provider: acme, salt: x }\n', `${CLAUDE}\n  ${ACME}`),
      'acme.mjs': acmeModule(),
    });
    const loads = (): string => readFileSync(path.join(folder, 'loads.txt'), 'utf8');
    const { parts } = await open(folder, ENV);
    expect(loads()).toBe('loaded\nasked\n');
    expect(parts[0]!.variant.content).toMatchObject({
      path: '/talk/claude-sonnet-4-5',
      frame: { model: 'claude-sonnet-4-5', temperature: 0.2, max_tokens: 3000 },
    });
    expect((await run(folder, ['plan'], ENV)).code).toBe(0);
    expect(loads()).toBe('loaded\nasked\n');
  });

  it('has options whose values stand in no file', async () => {
    const folder = folderWith({
      ...files('  one: { provider: acme }\n', `${CLAUDE}\n  ${ACME}`),
      'acme.mjs': acmeModule(),
    });
    await open(folder, ENV);
    const kept = readFileSync(path.join(folder, 'artifacts/framed/frames.json'), 'utf8');
    expect(kept).toContain('"asked"');
    expect(kept).not.toContain(ENV.ACME_TOKEN);
  });

  it('that drops a setting in silence is found out', async () => {
    const folder = folderWith({
      ...files('  one: { provider: acme, tools: [{ name: t }] }\n', `${CLAUDE}\n  ${ACME}`),
      'acme.mjs': acmeModule('temperature: undefined, tools: [], max_tokens: 100'),
    });
    const { err } = await run(folder, ['plan'], ENV);
    expect(err).toMatchInlineSnapshot(`
      "experiment.yaml:5:14 error: ./acme.mjs would send another request than is asked: "temperature: 0.2" is not sent
       5 | temperature: 0.2
         |              ^^^
         help: change it, or let it be: providers.acme: allow: [temperature]

      experiment.yaml:6:20 error: ./acme.mjs would send another request than is asked: "max_output_tokens: 3000" is sent as 100
       6 | max_output_tokens: 3000
         |                    ^^^^
         help: change it, or let it be: providers.acme: allow: [max_output_tokens]

      experiment.yaml:9:26 error: ./acme.mjs would send another request than is asked: not all tools are sent: t
       9 |   one: { provider: acme, tools: [{ name: t }] }
         |                          ^^^^^
         help: change it, or let it be: providers.acme: allow: [tools]
      expgraph: 3 mistakes; nothing was started
      "
    `);
  });
});
