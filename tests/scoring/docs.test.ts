// docs/scorers.md holds what it shows: each block loads, each row scores what it says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { RuleScorer } from '../../src/core/scoring.ts';
import { SINGLE_RULES } from '../../src/scoring/expectations/expectation.ts';
import { experiment, load, manifestOf } from '../manifest/folder.ts';
import { ROOT } from '../rig/files.ts';
import { calls, judged, said } from './rig.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/scorers.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block]) => block!);
const ROWS = [...PAGE.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| ([\d.]+) \|$/gm)].map(
  ([, expectation, answer, score]) => [expectation!, answer!, Number(score)] as const,
);

it('has examples of every rule', () => {
  expect(BLOCKS.length).toBeGreaterThanOrEqual(5);
  for (const rule of SINGLE_RULES) {
    expect(
      ROWS.some(([expectation]) => expectation.includes(`${rule}:`)),
      rule,
    ).toBe(true);
    expect(PAGE).toContain(`### ${rule}\n`);
  }
});

it.each(BLOCKS)('loads the block %#', async (block) => {
  const isScorers = block.startsWith('scorers:');
  const openai = 'providers:\n  openai: { type: openai }\n';
  const loaded = await load({
    ...experiment('', isScorers ? `  baseline: { system: Be brief. }\n${block}${openai}` : ''),
    's.yaml': isScorers
      ? '- { id: a, input: hello, expect: text, category: routing, tags: [one-time] }\n'
      : block,
    'labels.jsonl': '{"output": "No.", "human": false}\n',
    'scorers/polite.ts': 'export default 1;\n',
    'scorers/lists/a.txt': 'a\n',
    'scorers/score.py': 'print(1)\n',
  });
  expect(
    loaded.diagnostics.filter(({ code }) => code !== 'idle-scorer'),
    loaded.printed,
  ).toEqual([]);
  expect(loaded.manifest!.scorers.length).toBeGreaterThan(0);
});

it.each(ROWS)('scores %s of %s as %d', async (expectation, answer, score) => {
  const written = expectation.startsWith('{') ? expectation : `{ ${expectation} }`;
  const { scenarios, scorers } = await manifestOf({
    ...experiment(''),
    's.yaml': `- id: a\n  input: x\n  expect: ${written}\n`,
  });
  const made = () =>
    (JSON.parse(answer) as { name: string; arguments: JsonObject }[]).map(
      (call) => [call.name, call.arguments] as const,
    );
  const output = expectation.startsWith('tool_calls') ? calls(made()) : said(answer);
  const result = await judged(scorers[0] as RuleScorer, scenarios[0]!.expect, output);
  expect(result).toMatchObject({ kind: 'ok', value: { score } });
});
