// power with the real program: before anything is drawn, from what was drawn, and with command lines that make no sense.
// @project e2e: a thousand experiments are simulated.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const power = (...args: string[]): ReturnType<typeof cli> => cli(['power', ...args], { cwd: folder });
// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
const json = async (...args: string[]): Promise<any> => JSON.parse((await power(...args, '--json')).stdout);

beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

describe('power', () => {
  it('says scenarios and runs before anything is drawn, with what it assumes, and writes nothing', async () => {
    const before = readdirSync(folder, { recursive: true });
    const { code, stdout, stderr } = await power('--effect', '0.1', '--metric', 'pass');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('to find a true difference of +0.100 with a power of 80 %');
    expect(stdout).toMatch(/^ {3}1 +\d+ +\d+/m);
    expect(stdout).toMatch(
      /20 scenarios x 3 runs, 2 arms: a true difference of \+0\.100 is found in \d+ % of/,
    );
    expect(stdout).toContain('Assumed, for no answer was looked at: a mean of 0.700 (--base)');
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it('says that it counts scenarios where the manifest counts clusters', async () => {
    expect((await power('--effect', '0.1')).stdout).not.toContain('counts clusters');
    editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}\ncluster: category\n`);
    const { code, stdout } = await power('--effect', '0.1');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '"compare" counts clusters here (cluster: category), and these numbers count scenarios',
    );
  });

  it('takes how answers vary from those that are there', async () => {
    await ranSample(folder);
    const plan = await json('--effect', '-0.1', '--metric', 'pass', '--from', 'history');
    expect(plan).toMatchObject({
      v: 1,
      metric: 'pass',
      effect: -0.1,
      basis: { from: 'history', arms: ['baseline', 'applike'], scenarios: 20, answers: 120, simulated: true },
      design: { scenarios: 20, runs: 3 },
      simulated_money: true,
    });
    expect(plan.needed.map(({ runs }: { runs: number }) => runs)).toEqual([1, 3, 5]);
    const [one, three] = plan.needed;
    expect(one.scenarios.found).toBeGreaterThanOrEqual(three.scenarios.found);
    expect(one.answers).toBe(2 * one.scenarios.found);
    expect(one.cost_usd).toBeGreaterThan(0);
    expect(await json('--effect', '-0.1', '--metric', 'pass', '--from', 'history')).toEqual(plan);
  });

  it('says more scenarios for a smaller difference, more arms and more power', async () => {
    const found = async (...args: string[]): Promise<number> =>
      (await json('--metric', 'pass', ...args)).needed[0].scenarios.found;
    const usual = await found('--effect', '0.15');
    expect(await found('--effect', '0.1')).toBeGreaterThan(usual);
    expect(await found('--effect', '0.15', '--arms', '6')).toBeGreaterThan(usual);
    expect(await found('--effect', '0.15', '--power', '95%')).toBeGreaterThan(usual);
  });

  it('plans a margin: what takes a demonstration that there is no difference beyond it', async () => {
    const plan = await json('--margin', '0.05', '--metric', 'pass', '--base', '0.9');
    expect(plan).toMatchObject({
      margin: 0.05,
      effect: 0,
      design: { power: { not_worse: expect.any(Number) } },
    });
    for (const { scenarios } of plan.needed) {
      expect(scenarios.same).toBeGreaterThan(100);
      expect(scenarios.not_worse).toBeGreaterThan(100);
    }
  });

  it.each([
    [[], 'power needs --effect: the smallest true difference that would matter to you'],
    [
      ['--effect', '0.4'],
      'there can be no difference of +0.400: the mean is 0.700, so it is -0.700 to +0.300',
    ],
    [['--effect', '0'], '--effect takes a difference other than 0'],
    [['--effect', 'much'], '--effect takes a difference between -1 and 1, as 0.1, -0.1 or 10%, not "much"'],
    [['--effect', '0.1', '--margin', '0.05'], '--effect 0.1 is not within --margin 0.05'],
    [['--effect', '0.1', '--power', '1'], '--power takes a share between 0 and 1, as 0.8 or 80%, not "1"'],
    [['--effect', '0.1', '--arms', '1'], '--arms takes a whole number from 2 to 1,000, not "1"'],
    [['--effect', '0.1', '--runs', '0'], '--runs takes a whole number from 1 to 1,000, not "0"'],
    [['--effect', '0.1', '--from', 'history'], 'no answer that is there has a value for score'],
    [
      ['--effect', '0.1', '--from', 'history', '--base', '0.5'],
      '--base and --from history exclude each other',
    ],
    [['--effect', '50', '--metric', 'tokens'], 'how tokens varies has no bounds to be assumed from'],
    [['baseline', '--effect', '0.1'], 'names of variants and --scorer go with --from history'],
    [['--margin', '0'], '--margin takes a number between 0 and 1, as 0.05 or 5%'],
  ])('refuses %j in one sentence', async (args, message) => {
    const { code, stdout, stderr } = await power(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('compare --margin', () => {
  it('says whether arms are the same up to it, in each format', async () => {
    await ranSample(folder);
    const compare = (...args: string[]): ReturnType<typeof cli> =>
      cli(['compare', '--metric', 'pass', ...args], { cwd: folder });
    const document = JSON.parse((await compare('--margin', '5%', '--json')).stdout);
    expect(document.comparisons[0].margin).toMatchObject({
      margin: 0.05,
      verdict: 'not-shown',
      lower_is_better: false,
      tests: 1,
      ci90: { low: expect.any(Number), high: expect.any(Number) },
    });
    for (const format of ['table', 'markdown', 'html']) {
      const { stdout } = await compare('--margin', '0.05', '--format', format);
      expect(stdout.replace(/\s+/g, ' '), format).toContain(
        'Neither is shown: that applike is not worse than baseline by more than 0.050',
      );
    }
    const wide = await compare('--margin', '0.9');
    expect(wide.stdout.replace(/\s+/g, ' ')).toContain('baseline and applike are the same up to 0.900');
  });

  it.each(['0', '-0.1', '1', 'abc', '200%'])('refuses a margin of %s for a share', async (margin) => {
    const { code, stderr } = await cli(['compare', `--margin=${margin}`], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--margin takes a number between 0 and 1, as 0.05 or 5%');
  });
});
