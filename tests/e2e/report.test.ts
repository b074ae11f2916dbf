// expgraph report as it is typed: where it writes, what it says, what it refuses, and what a review that is open or closed does to it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HumanScore } from '../../src/core/review.ts';
import { openReviews } from '../../src/project/open/open-reviews.ts';
import { dealReview } from '../rig/blind-review.ts';
import { jsonLines, writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
const inFolder = (...names: string[]): string => path.join(folder, ...names);
const expgraph = (args: string, env: NodeJS.ProcessEnv = {}) =>
  inProcess(args.split(' '), { cwd: folder, env });

afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
runs: 2
provider: sim
variants: { first: { system: be short }, second: { system: be long } }
scenarios: [scenarios.jsonl]
sim: { answers: answers.yaml }
`,
    'scenarios.jsonl': [1, 2, 3]
      .map(
        (i) =>
          `${JSON.stringify({ id: `c:${i}`, category: 'c', input: `say ${i}`, expect: { contains: 'yes' } })}\n`,
      )
      .join(''),
    'answers.yaml': '"c:1": { variants: { first: "yes", second: "no, never" } }\n"*": "yes"\n',
  });
  expect(await expgraph('report')).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no answer to report yet; `npx expgraph run` draws them'),
  });
  expect((await expgraph('run')).code).toBe(0);
});

describe('where a report goes', () => {
  it('is a page beside the results, and the terminal says where, how large, and what has to be known first', async () => {
    const { code, out, err } = await expgraph('report');
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^expgraph: SIMULATION: .*\nwrote artifacts\/small\/report\.html, \d+ kB\n$/);
    expect(readFileSync(inFolder('artifacts/small/report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect((await expgraph('fsck')).code).toBe(0);
  });

  it('is a file that is named, written anew each time, or stdout', async () => {
    expect((await expgraph('report --format md -o report.md')).err).toMatch(/wrote report\.md, \d+ kB\n$/);
    expect((await expgraph('report --format md -o report.md')).code).toBe(0);
    expect(readFileSync(inFolder('report.md'), 'utf8')).toMatch(/^# small: report\n/);
    expect((await expgraph('report -o -')).out).toMatch(/^<!doctype html>/);
    expect((await expgraph('report --format md')).out).toMatch(/^# small: report\n/);
  });

  it('is no folder that is not there', async () => {
    expect(await expgraph('report -o nowhere/report.html')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no folder'),
    });
  });

  it('is stdout and the summary of the job on GitHub, the same text', async () => {
    const summary = inFolder('summary.md');
    writeFileSync(summary, '');
    const { out } = await expgraph('report --format github', {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(out).toMatch(/^## small: report\n/);
    expect(readFileSync(summary, 'utf8')).toBe(out);
  });
});

describe('what is in a report', () => {
  it('is what filters mean, and the command that makes it again', async () => {
    const { out } = await expgraph(
      'report --format md --scenario c:1 --runs 1 --variant first --variant second',
    );
    expect(out).toContain('npx expgraph report --variant first --variant second --scenario c:1 --runs 1\n');
    expect(out).toContain('| **first** | **all** | **1 of 1** |');
    expect(out).not.toContain('c:2');
  });

  it('is as many of the scenarios that differ as are asked for, and no other transcript', async () => {
    const { out } = await expgraph('report --format md --only-differences 1');
    expect(out).toContain('### c:1\n');
    expect(out).toContain('Transcripts of 2 more scenarios are left out (--only-differences).');
    expect((await expgraph('report --only-differences many')).err).toContain('is no number of scenarios');
  });

  it('is not what was chosen by how it came out', async () => {
    expect(await expgraph('report --failed')).toMatchObject({
      code: 2,
      err: expect.stringContaining('report takes no --failed'),
    });
  });

  it('says first that cells are missing, and reports what is there all the same', async () => {
    const more = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
    writeFiles(more, {
      'experiment.yaml': readFileSync(inFolder('experiment.yaml'), 'utf8'),
      'scenarios.jsonl': readFileSync(inFolder('scenarios.jsonl'), 'utf8'),
      'answers.yaml': readFileSync(inFolder('answers.yaml'), 'utf8'),
    });
    await inProcess(['run', '--runs', '1'], { cwd: more });
    const { code, err, out } = await inProcess(['report', '--format', 'md'], { cwd: more });
    expect(code).toBe(0);
    expect(err).toContain('INCOMPLETE: first lacks answers in 6 cells: 3 missing.');
    expect(out.indexOf('INCOMPLETE')).toBeLessThan(out.indexOf('## Results'));
    expect(out).toContain('2 of 3\\*');
    rmSync(more, { recursive: true });
  });
});

describe('a decision record', () => {
  it('is written once: whoever wrote a decision into it does not lose it', async () => {
    expect((await expgraph('report adr -o 0001.md')).code).toBe(0);
    const file = inFolder('0001.md');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('_To be written by those who decide._', 'We take second.'),
    );
    expect(await expgraph('report adr -o 0001.md')).toMatchObject({
      code: 2,
      err: expect.stringContaining('0001.md is there already, and a decision may stand in it'),
    });
    expect(readFileSync(file, 'utf8')).toContain('We take second.');
  });

  it('is stdout where no file is named', async () => {
    expect((await expgraph('report adr')).out).toMatch(/^# small\n\nStatus: proposed\./);
  });
});

describe('a blind review', () => {
  it('that is open keeps reports back in every form, and --unblind is written into its protocol and told by the report', async () => {
    const review = dealReview(inFolder('artifacts/small'), { id: 'open' });
    for (const args of [
      'report',
      'report --format md',
      'report --format github',
      'report adr',
      'report -o other.html',
    ]) {
      const { code, out, err } = await expgraph(args);
      expect([args, code, out]).toEqual([args, 5, '']);
      expect(err).toContain('a blind review is open (open');
    }
    expect(existsSync(inFolder('other.html'))).toBe(false);
    expect((await expgraph('report --format md --unblind')).code).toBe(0);
    expect(review.breaches().map(({ what }) => what)).toEqual(['expgraph report --format md --unblind']);
    review.close({});
    expect(openReviews(inFolder('artifacts/small'))).toEqual([]);
    const { out } = await expgraph('report --format md');
    expect(out).toContain('UNBLINDED: the blind review open was broken 1 time');
    expect(out).toContain('### What broke the blinding');
    expect(out).toContain('| expgraph report --format md --unblind |');
  });

  it('that is closed is told: rubric, readers, what they said in each dimension, and their notes beside the answers', async () => {
    const review = dealReview(inFolder('artifacts/small'), { id: 'closed' });
    const scores = (['first', 'second'] as const).flatMap((variant) =>
      jsonLines(inFolder(`artifacts/small/runs/${variant}_run1.jsonl`))
        .filter(({ type }) => type === 'scenario_result')
        .flatMap(({ scenario, output_digest }) =>
          ['tool_selection', 'naturalness'].map(
            (dimension): HumanScore => ({
              scenario: String(scenario),
              answer: String(output_digest),
              dimension,
              score: variant === 'first' ? 1 : 0.5,
              passed: null,
              labels: [{ reviewer: 'anna', label: 'good' }],
              adjudicated: false,
              notes: variant === 'second' && scenario === 'c:1' ? ['too blunt @here'] : [],
            }),
          ),
        ),
    );
    review.close({ scores });
    const { out } = await expgraph('report --format md');
    expect(out).toContain('### Blind review closed\n');
    expect(out).toContain('Read by 1 reader (anna)');
    expect(out).toContain('| tool\\_selection | Are these the right tools? |');
    expect(out).toMatch(/\| human\\\.?_?naturalness|human\.naturalness/);
    expect(out).toContain('### Rubric, by readers who did not know the arm');
    expect(out).toMatch(/human\.tool_selection: anna: good\ntoo blunt @here/);
  });
});

it('a report of 120 cells is a file of less than 5 MB', async () => {
  const sample = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
  await inProcess(['init'], { cwd: sample });
  await inProcess(['run'], { cwd: sample });
  expect((await inProcess(['report'], { cwd: sample })).code).toBe(0);
  expect(statSync(path.join(sample, 'artifacts/tool-interface/report.html')).size).toBeLessThan(5_000_000);
  rmSync(sample, { recursive: true });
});
