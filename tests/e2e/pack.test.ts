// What a user installs: the packed package in an empty folder, without the repository around it.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { NPM_ENV as env, install, pack } from '../../scripts/installed.ts';
import { TEMPLATES } from '../../src/project/open/templates.ts';
import { filesBelow, ROOT, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const run = promisify(execFile);

it('works from npm pack: install, init, run', { timeout: 600_000 }, async () => {
  const folder = tempFolder();
  const { filename, names } = await pack(folder);
  expect(names.filter((name) => /(^(tests|bench)|artifacts|node_modules|__pycache__)\//.test(name))).toEqual(
    [],
  );
  const empty = path.join(folder, 'empty');
  const packages = await install(filename, empty);
  // What npm would have run beside it is nothing, so nothing is missing where scripts are off.
  expect(packages.filter((one) => one.hasInstallScript)).toEqual([]);
  expect(packages.length).toBeLessThanOrEqual(60);
  expect(packages.reduce((sum, one) => sum + one.sizeBytes, 0)).toBeLessThan(60e6);
  expect(await install(filename, path.join(folder, 'without'), ['--ignore-scripts'])).toEqual(packages);
  await run('npx', ['expgraph', 'init'], { cwd: empty, env });
  const { stdout } = await run('npx', ['expgraph', 'run'], { cwd: empty, env });
  expect(stdout).toMatch(/120 executed/);
  expect(filesBelow(path.join(empty, 'artifacts/tool-interface/runs'))).toHaveLength(6);
  // Own code finds the package by its name, and Python finds the plugin.
  writeFiles(empty, {
    'mine.ts': `import { defineVariant } from 'expgraph';
      export default defineVariant({ run: async ({ client, model, messages }) =>
        (await client.chat.completions.create({ model, messages })).choices[0]?.message.content ?? '' });`,
    'own.yaml':
      'version: 1\nname: own\nprovider: sim\nscenarios: [scenarios/*.yaml]\nvariants: { mine: { use: ./mine.ts } }\n',
  });
  const own = await run('npx', ['expgraph', 'run', '-f', 'own.yaml', '--no-score'], { cwd: empty, env });
  expect(own.stdout).toMatch(/20 tasks: 20 executed, 0 cached, 0 failed/);
  // Its types are whole without the repository.
  writeFiles(empty, {
    'mine.mts': `import { defineVariant, type RunContext } from 'expgraph';
      const model = (context: RunContext): string => context.model;
      export default defineVariant({ run: async (context) => model(context) });
      // @ts-expect-error temperature is a number
      export const wrong = (context: RunContext): string => context.temperature;`,
    'program.mts': `import { compare, type EventLine, history, openExperiment, plan, run, type RunSummary, score } from 'expgraph';
      const experiment = await openExperiment('experiment.yaml', { store: 'memory' });
      const invocation = run(experiment, { runs: [1], signal: AbortSignal.timeout(1) });
      for await (const event of invocation) { const line: EventLine = event; void line; }
      export const summary: RunSummary = (await invocation.result).summary;
      export const pending: number = (await plan(experiment)).plan.counts.pending;
      export const rows = (await history(experiment)).rows.map(({ variant }) => variant.length);
      export const concluded: boolean = (await compare(experiment, { metric: 'tokens' })).concluded;
      export const undrawn: number = (await score(experiment).result).undrawn;
      // @ts-expect-error a run is a number
      run(experiment, { runs: ['one'] });`,
  });
  await run(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      'mine.mts',
      'program.mts',
    ],
    { cwd: empty, env },
  );
  // A program and a test that run an experiment, as they are packed; their types are those of the package.
  const program = path.join(empty, 'program');
  cpSync(path.join(empty, 'node_modules/expgraph/examples/program'), program, { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules/vitest'), path.join(empty, 'node_modules/vitest'));
  const ran = await run(process.execPath, ['run.mts'], { cwd: program, env });
  expect(ran.stdout).toMatch(/^plain dentist run [12]$/m);
  expect(ran.stdout).toMatch(/12 executed, 0 cached, 0 failed\n$/);
  const again = await run(process.execPath, ['run.mts'], { cwd: program, env });
  expect(again.stdout).toBe('0 executed, 12 cached, 0 failed\n');
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const tested = await run(process.execPath, [vitest, 'run', '--root', program, '--testTimeout', '120000'], {
    cwd: program,
    env,
  });
  expect(tested.stdout).toMatch(/Tests .*1 passed/);
  expect(names).toContain('python/expgraph_pytest.py');
  // The schema that the first line of the manifest names for editors is where it says.
  expect(existsSync(path.join(empty, 'node_modules/expgraph/schema/experiment.schema.json'))).toBe(true);
  // Each beginning, in a folder of its own, by the one command that it prints.
  for (const template of Object.keys(TEMPLATES)) {
    const { stdout: told } = await run('npx', ['expgraph', 'init', template, '--template', template], {
      cwd: empty,
      env,
    });
    expect(told, template).toContain(`cd ${template} && npx expgraph run`);
    expect(existsSync(path.join(empty, template, '.gitignore')), template).toBe(true);
    const ran = await run('npx', ['expgraph', 'run'], { cwd: path.join(empty, template), env });
    expect(ran.stdout, template).toMatch(/ 0 failed, 0 missing/);
  }
});

it('holds every page and file that its pages link to, and stays small', { timeout: 60_000 }, async () => {
  const { names, sizeBytes } = await pack(tempFolder());
  const pages = names.filter((name) => name.endsWith('.md'));
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'docs/formats.md', 'templates/prompt/README.md']),
  );
  const isThere = (target: string): boolean =>
    names.some((name) => name === target || name.startsWith(`${target.replace(/\/$/, '')}/`));
  const broken = pages.flatMap((page) =>
    [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].flatMap(
      ([, link]) => {
        const target = path.posix.normalize(path.posix.join(path.posix.dirname(page), link!));
        return isThere(target) ? [] : [`${page} -> ${link}`];
      },
    ),
  );
  expect(broken).toEqual([]);
  // Data that the program reads lies beside dist/, and is named by its way from there.
  const code = names.filter((name) => /^dist\/.*\.js$/.test(name));
  const data = code.flatMap((name) =>
    [...readFileSync(path.join(ROOT, name), 'utf8').matchAll(/new URL\(["'`]\.\.\/\.\.\/([^"'`$]*)/g)].map(
      ([, to]) => to!,
    ),
  );
  expect(data).toEqual(expect.arrayContaining(['prices/prices.json', 'package.json']));
  expect([...new Set(data)].filter((one) => one !== '' && !isThere(one))).toEqual([]);
  // What a browser is sent, as it would come over a network: there is none, and a page that is light begins at once.
  const page = ['dist/page/page.js', 'dist/page/page.css'];
  expect(names.filter((name) => name.startsWith('dist/page/')).sort()).toEqual([...page].sort());
  const weight = page.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(ROOT, name))).length, 0);
  expect(weight, 'bytes of the page, gzipped').toBeLessThan(250_000);
  const pictures = names
    .filter((name) => name.startsWith('docs/images/'))
    .reduce((sum, name) => sum + statSync(path.join(ROOT, name)).size, 0);
  expect(pictures, 'bytes of pictures').toBeLessThan(300_000);
  // A third of it is the words of a tokenizer.
  expect(sizeBytes - weight - pictures, 'bytes of the tarball beside them').toBeLessThan(3_200_000);
});
