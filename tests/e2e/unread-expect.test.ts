// An expectation that nobody reads is told: in every command that opens the experiment, with its number and what to add.
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

function experiment(of: {
  readonly scenarios: string;
  readonly more?: string;
  readonly csv: string;
}): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1\nname: q\nprovider: sim\nmodel: sim-small\nscenarios: ${of.scenarios}\nvariants: { a: {} }\n${of.more ?? ''}`,
    'c.csv': of.csv,
  });
  return folder;
}
const TWO = 'id,input,expect\nx,What is the capital?,Paris\ny,And of Italy?,Rome\n';

describe('an expectation that no scorer reads', () => {
  it('is told by plan, run, score and doctor, with how many scenarios have one and what to add', async () => {
    const cwd = experiment({ scenarios: '[c.csv]', csv: TWO });
    for (const command of ['plan', 'run', 'score', 'doctor']) {
      const { stdout, stderr } = await cli([command], { cwd });
      expect(stdout + stderr).toContain('all 2 scenarios have an "expect" that no scorer reads');
      expect(stdout + stderr).toContain('scorers: [exact]');
    }
  });

  it('counts only those that nobody reads', async () => {
    const csv = 'id,input,category,expect\nx,one,a,Paris\ny,two,b,Rome\nz,three,b,\n';
    const more = 'scorers: [{ exact: null, only: { category: a } }]\n';
    const { stderr } = await cli(['plan'], { cwd: experiment({ scenarios: '[c.csv]', csv, more }) });
    expect(stderr).toContain('1 of 3 scenarios have an "expect" that no scorer reads');
  });

  it('is none where a scorer reads it', async () => {
    for (const more of ['scorers: [exact]\n', 'scorers: [judge]\n']) {
      const { stderr } = await cli(['plan'], { cwd: experiment({ scenarios: '[c.csv]', csv: TWO, more }) });
      expect(stderr).toBe('');
    }
  });
});

describe('a column of what is expected', () => {
  it('is a rule by its name', async () => {
    const csv = 'id,input,expect.contains,expect.regex\nx,What is it?,Paris,\ny,And now?,,"^a"\n';
    const cwd = experiment({ scenarios: '[c.csv]', csv });
    await cli(['run'], { cwd });
    const { stdout } = await cli(['score', '--json'], { cwd });
    expect(JSON.parse(stdout).rows).toMatchObject([{ scorer: 'expect', cells: 2, missing: 0 }]);
  });

  it('stands beside no other that is all of it', async () => {
    const csv = 'id,input,expect,expect.regex\nx,What is it?,Paris,a\n';
    const { code, stderr } = await cli(['plan'], { cwd: experiment({ scenarios: '[c.csv]', csv }) });
    expect([code, stderr]).toEqual([2, expect.stringContaining('"expect.regex" a part of it')]);
  });

  it('is told where a map leaves it alone', async () => {
    for (const column of ['expected', 'expect.contains', 'target', 'Ideal', 'answer']) {
      const csv = `q,${column}\nWhat is it?,Paris\n`;
      const cwd = experiment({ scenarios: '{ files: c.csv, map: { input: q } }', csv });
      const { stderr } = await cli(['plan'], { cwd });
      expect(stderr).toContain(`the column "${column}" of c.csv looks like what is expected`);
      expect(stderr).toContain(`expect: { contains: "${column}" }`);
    }
  });
});
