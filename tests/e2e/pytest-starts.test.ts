// A start where nothing has moved asks no Python: neither what tests there are, nor what their code imports and reaches.
import {
  chmodSync,
  copyFileSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HARNESS } from '../manifest/reach-harness.ts';
import { editFile, filesBelow, writeFiles } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

/** An interpreter of its own, so that it can be made one that does not start. */
function made(env: { readonly [name: string]: string } = {}): HarnessRun & { readonly python: string } {
  const folder = tempFolder();
  const python = path.join(folder, 'python3');
  copyFileSync(realpathSync(PYTHON_WITH_PYTEST!), python);
  // No other Python is found either.
  writeFiles(folder, { 'empty/none': '' });
  const run = harnessRun({
    manifest: `model: m\nprovider: none\nruns: 1\npytest: { path: tests, python: ${python}, variants_from: { param: variant_name }, pass_env: [FRUIT_API_KEY] }\nvariants: { baseline: {}, applike: {} }`,
    scenarios: ['one', 'two', 'three'],
    files: { ...HARNESS, 'pyproject.toml': HARNESS['pyproject.toml']!.replace(' -n 2', '') },
    env: { PATH: path.join(folder, 'empty'), ...env },
    isApart: true,
  });
  return { ...run, python };
}

const kept = ({ folder }: HarnessRun): string =>
  path.join(folder, filesBelow(folder).find((name) => name.endsWith('python.cache'))!);

async function keysOf(run: HarnessRun): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run.run('plan', '--json');
  if (code !== 0) throw new Error(stderr);
  return [JSON.stringify(JSON.parse(stdout).tasks ?? JSON.parse(stdout))];
}

describe.skipIf(withoutPytest())('a start where nothing has moved', () => {
  it('starts no Python, whichever command it is, and gives the same plan', async () => {
    const one = made();
    const first = await keysOf(one);
    expect(statSync(kept(one)).mode & 0o077).toBe(0);
    chmodSync(one.python, 0o600);
    expect(await keysOf(one)).toEqual(first);
    const { code, stderr, stdout } = await one.run('status');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('applike');
    // What was edited is asked about; here nobody can say.
    editFile(path.join(one.folder, 'src/bench/texts.py'), (text) => `${text}\n\ndef more():\n    pass\n`);
    expect((await one.run('plan')).code).toBe(2);
  });

  it('asks again where what is kept was deleted, cut or edited', async () => {
    const one = made();
    const first = await keysOf(one);
    const whole = readFileSync(kept(one), 'utf8');
    rmSync(kept(one));
    expect(await keysOf(one)).toEqual(first);
    expect(readFileSync(kept(one), 'utf8').length).toBe(whole.length);
    for (const text of [
      whole.slice(0, 3000),
      whole.replaceAll('Be brief', 'Be quick'),
      'no such line\n\n {}',
    ]) {
      writeFileSync(kept(one), text);
      expect(await keysOf(one)).toEqual(first);
    }
  });

  it('keeps no key that stands in the code', async () => {
    const one = made({ FRUIT_API_KEY: 'sk-live-1234567890' });
    editFile(path.join(one.folder, 'src/bench/texts.py'), (text) =>
      text.replace('Be brief.', 'sk-live-1234567890'),
    );
    await keysOf(one);
    expect(readFileSync(kept(one), 'utf8')).toContain('[redacted:FRUIT_API_KEY]');
    expect(readFileSync(kept(one), 'utf8')).not.toContain('sk-live');
  });
});
