// Scores that answers came with are taken as they are, where the manifest says so, and marked; imported and older answers are
// judged by any scorer, those to scenarios that the manifest does not have too.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is printed is looked at piece by piece
type Any = any;

const runCli = (cwd: string, args: readonly string[]) => cli(args, { cwd });

const MANIFEST = (more: string): string => `version: 1
name: taken
provider: sim
model: m
system: s
runs: 1
variants: { baseline: {}, applike: { system: t } }
scenarios: [scenarios.yaml]
${more}`;
const SCENARIOS = '- { id: one, input: first }\n- { id: two, input: second }\n';

const rows = (...lines: object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');
const THEIRS = rows(
  { variant: 'baseline', scenario: 'one', text: 'a', grade: 4, metrics: { ok: true } },
  { variant: 'baseline', scenario: 'two', text: 'same', grade: 2, metrics: { ok: false } },
  { variant: 'applike', scenario: 'one', text: 'b', grade: 5, metrics: { ok: true } },
  { variant: 'applike', scenario: 'two', text: 'same', grade: 5, metrics: { ok: true } },
);

function folder(files: Record<string, string>): string {
  const made = tempFolder();
  writeFiles(made, { 'scenarios.yaml': SCENARIOS, 'theirs.jsonl': THEIRS, ...files });
  return made;
}

describe('scores that answers came with', () => {
  it('are taken on their scale, each of its own answer though two are equal, and marked', async () => {
    const cwd = folder({
      'experiment.yaml': MANIFEST(
        'scorers:\n  - precomputed: { score: grade, range: [1, 5] }\n  - { precomputed: ok }',
      ),
    });
    const taken = await runCli(cwd, [
      'import',
      'theirs.jsonl',
      '--score',
      'grade',
      '--score',
      'ok=metrics.ok',
    ]);
    expect(taken.stderr + taken.stdout).not.toMatch(/count as no verdict/);
    const { rows: told } = JSON.parse((await runCli(cwd, ['score', '--json'])).stdout);
    expect(told).toMatchObject([
      { scorer: 'grade', variant: 'baseline', cells: 2, mean: 0.5, missing: 0, precomputed: true },
      { scorer: 'grade', variant: 'applike', cells: 2, mean: 1, missing: 0 },
      { scorer: 'ok', variant: 'baseline', passed: 1, mean: 0.5 },
      { scorer: 'ok', variant: 'applike', passed: 2, mean: 1 },
    ]);
    expect((await runCli(cwd, ['score'])).stdout).toContain(
      'grade, ok: as the answers came with it; nothing was judged here.',
    );
    const kept = filesBelow(cwd).filter((file) => /scores.*grade.*\.jsonl$/.test(file));
    expect(readFileSync(path.join(cwd, kept[0]!), 'utf8')).toContain('"details":{"precomputed":true}');
  });

  it('count as no verdict where nothing takes them, and the import says what to write', async () => {
    const cwd = folder({ 'experiment.yaml': MANIFEST('') });
    const { stdout } = await runCli(cwd, ['import', 'theirs.jsonl', '--score', 'grade']);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'they came with scores (grade), which count as no verdict here; to take one as it is, write in experiment.yaml: scorers: [{ precomputed: "grade" }]',
    );
  });

  it('of another scale are missing with the reason, and one that no answer came with is a mistake', async () => {
    const cwd = folder({ 'experiment.yaml': MANIFEST('scorers: [{ precomputed: grade }]') });
    const wrong = await runCli(cwd, ['import', 'theirs.jsonl', '--score', 'grate']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--score "grate": no result of theirs.jsonl has such a field');
    await runCli(cwd, ['import', 'theirs.jsonl', '--score', 'grade']);
    const scored = await runCli(cwd, ['score', '--json']);
    const { rows: told, not_judged } = JSON.parse(scored.stdout);
    expect(told[0]).toMatchObject({ cells: 2, missing: 2, mean: null });
    expect(not_judged.shown[0].reason).toContain('say on which scale it is');
  });

  it('of Inspect, promptfoo and own code are known by their names, after reindex and out of blobs too', async () => {
    const long = 'x'.repeat(200_000);
    const cwd = folder({
      'experiment.yaml': MANIFEST('scorers: [{ precomputed: match }, { precomputed: tone }]'),
      'theirs.jsonl': rows(
        {
          variant: 'baseline',
          scenario: 'one',
          text: long,
          properties: { scores: { match: { value: 'C', explanation: long.slice(0, 90_000) }, tone: 0.25 } },
        },
        {
          variant: 'applike',
          scenario: 'one',
          text: 'b',
          properties: { promptfoo: { success: false, score: 0, named_scores: { match: 0, tone: 1 } } },
        },
      ),
    });
    await runCli(cwd, ['import', 'theirs.jsonl']);
    await runCli(cwd, ['reindex']);
    const { rows: told } = JSON.parse((await runCli(cwd, ['score', '--json'])).stdout);
    expect(told.map(({ scorer, variant, mean }: Any) => [scorer, variant, mean]).sort()).toEqual([
      ['match', 'applike', 0],
      ['match', 'baseline', 1],
      ['tone', 'applike', 1],
      ['tone', 'baseline', 0.25],
    ]);
  });
});

describe('answers that the manifest does not ask for', () => {
  it('are judged by any scorer with --at: of older prompts, of scenarios that are gone, of other variants', async () => {
    const cwd = folder({
      'experiment.yaml': MANIFEST('scorers: [{ contains: { none: sorry } }]'),
      'theirs.jsonl': rows(
        { variant: 'old', scenario: 'gone', prompt: 'what?', text: 'sorry' },
        { variant: 'old', scenario: 'one', prompt: '1', text: 'fine' },
      ),
    });
    await runCli(cwd, ['run', '--no-score']);
    await runCli(cwd, ['import', 'theirs.jsonl']);
    editFile(path.join(cwd, 'experiment.yaml'), (text) => text.replace('system: s', 'system: another'));
    await runCli(cwd, ['run', '--no-score']);
    const now = JSON.parse((await runCli(cwd, ['score', '--at', 'now', '--json'])).stdout);
    expect(now.rows.map(({ variant, cells, passed }: Any) => [variant, cells, passed])).toEqual([
      ['baseline', 2, 2],
      ['applike', 2, 2],
      ['old', 2, 1],
    ]);
    const then = JSON.parse(
      (await runCli(cwd, ['score', '--at', '1', '--variant', 'baseline', '--json'])).stdout,
    );
    expect(then.rows).toMatchObject([{ variant: 'baseline', cells: 2, missing: 0 }]);
    const compared = JSON.parse(
      (await runCli(cwd, ['compare', 'baseline', '--at', '1', '--at', 'now', '--json'])).stdout,
    );
    expect(compared.refused).toBe(false);
    // The view is of today's cells.
    const again = JSON.parse((await runCli(cwd, ['score', '--at', 'now', '--json'])).stdout);
    expect(again.executed).toBe(0);
  });

  it('--at goes with nothing that is about today', async () => {
    const cwd = folder({ 'experiment.yaml': MANIFEST('scorers: [{ contains: { none: sorry } }]') });
    const refused = await runCli(cwd, ['score', '--at', 'now', '--fail-under', '0.9']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--fail-under is about the answers of today');
    const nothing = await runCli(cwd, ['score', '--at', 'now']);
    expect(nothing.stderr).toContain('no answer of now is meant');
  });
});
