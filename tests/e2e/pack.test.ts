// What a user installs: the packed package in an empty folder, without the repository around it.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { filesBelow, ROOT, writeFiles } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

const run = promisify(execFile);

/** npm's scripts and npx find the same Node 24 that runs this test. */
const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`, NO_COLOR: '1' };

it('works from npm pack: install, init, run', { timeout: 300_000 }, async () => {
  const folder = tempFolder();
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    env,
  });
  const [{ filename, files }] = JSON.parse(packed.stdout) as [
    { filename: string; files: { path: string }[] },
  ];
  const names = files.map((file) => file.path);
  expect(names.filter((name) => /^(tests|bench|artifacts|node_modules)\//.test(name))).toEqual([]);
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  await run('npm', ['init', '--yes'], { cwd: empty, env });
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', path.join(folder, filename)], {
    cwd: empty,
    env,
  });
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
  expect(names).toContain('python/expgraph_pytest.py');
  // The schema that the first line of the manifest names for editors is where it says.
  expect(existsSync(path.join(empty, 'node_modules/expgraph/schema/experiment.schema.json'))).toBe(true);
});
