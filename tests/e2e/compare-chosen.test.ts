// What chooses answers without a word: a scorer that is silent in one arm, losses that are drawn again, looks at growing data,
// and two moments between which nothing happened. By the program, on answers of a command whose luck is a file.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const ARM = [
  'import json, os, sys',
  'asked = json.load(sys.stdin)',
  "luck = open(os.environ['LUCK']).read().strip()",
  "print(json.dumps({'output': luck if asked['scenario']['id'] in ('s1','s2','s3','s4','s5','s6') else 'yes'}))",
  '',
].join('\n');
const JUDGE = [
  'import json, sys',
  "text = json.load(sys.stdin)['output']['text']",
  "print(json.dumps({'label': 'odd'} if text == 'odd' else {'score': 1.0 if text == 'yes' else 0.0}))",
  '',
].join('\n');

function folder(): string {
  const cwd = tempFolder();
  writeFiles(cwd, {
    'arm.py': ARM,
    'judge.py': JUDGE,
    'scenarios.yaml': Array.from({ length: 8 }, (_, i) => `- { id: s${i + 1}, input: "do ${i}" }\n`).join(''),
    'experiment.yaml': `version: 1
name: chosen
runs: 1
variants:
  baseline: { command: [python3, arm.py], env: { ARM: a }, pass_env: [LUCK] }
  applike: { command: [python3, arm.py], env: { ARM: b }, pass_env: [LUCK] }
scenarios: [scenarios.yaml]
scorers: [{ command: [python3, judge.py], name: liked }]
`,
  });
  return cwd;
}

describe('what chooses answers', () => {
  it('is told by compare, with the numbers of first draws, and without a label that stands for no score', async () => {
    const cwd = folder();
    const luck = path.join(cwd, '..', `${path.basename(cwd)}.luck`);
    const run = async (args: readonly string[], word = 'no') => {
      writeFileSync(luck, word);
      return cli(args, { cwd, env: { LUCK: luck } });
    };
    const first = await run(['run']);
    expect(first.stderr + first.stdout).toContain('complete');
    const alike = JSON.parse((await run(['compare', '--json'])).stdout);
    expect(alike.findings).toEqual([]);
    const same = await run(['compare', '--at', '1', '--at', 'now']);
    expect(same.stdout).toMatch(/First of all\n.*nothing of baseline was drawn again between 0001 and now/);

    await run(['run', '--force', '--not-passed', '--variant', 'applike'], 'yes');
    const chosen = await run(['compare']);
    expect(chosen.code).toBe(0);
    expect(chosen.stdout.replace(/\s+/g, ' ')).toMatch(
      /First of all drawn again were 0 of 8 cells of baseline and 6 of 8 cells of applike.*6 cells of these were chosen by how they had come out; with first draws: 0\.000, p = 1\.000/,
    );
    const drawn = JSON.parse((await run(['compare', '--first-draws', '--json'])).stdout);
    expect(drawn).toMatchObject({ first_draws: true, findings: [], comparisons: [{ difference: 0 }] });

    await run(['run', '--force', '--variant', 'applike'], 'odd');
    const silent = await run(['compare']);
    expect(silent.code).toBe(1);
    expect(silent.stdout).toBe('');
    expect(silent.stderr.replace(/\s+/g, ' ')).toContain('applike is incomplete: of 8 cells 6 not scored');
    expect(silent.stderr.replace(/\s+/g, ' ')).toContain(
      '6 of 8 cells of applike have no number (Fisher p = 0.007)',
    );
  });
});
