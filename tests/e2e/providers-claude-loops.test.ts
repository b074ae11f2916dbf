// Claude in tool loops: thinking blocks go back as they came over several turns, and everything that shows a record shows
// them well. Judges and own code on the same account.
// @project e2e: threads of own code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlayedScript } from '../../src/core/played.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV, VENDOR_KEY, vendorExperiment, viewOf } from '../rig/vendor-experiment.ts';
import { started } from '../sim/client.ts';

const MODEL = 'claude-haiku-4-5';
const LOOK_UP =
  '{ name: look_up_stock, description: Looks it up., parameters: { type: object, properties: { item: { type: string } }, required: [item] } }';
const THINKS = 'params: { thinking: { type: enabled, budgetTokens: 1500 } }';
const call = (item: string) => ({ name: 'look_up_stock', arguments: { item } });

/** Two turns with calls, one of them with two, and an answer. */
const LOOP: readonly PlayedScript[] = [
  [
    [
      { kind: 'say', text: 'I look.', calls: [call('tea')] },
      { kind: 'say', text: null, calls: [call('cups'), call('milk')] },
      { kind: 'say', text: 'There are 12 packets.', calls: [] },
    ],
  ],
];

async function command(folder: string, args: readonly string[]) {
  return cli(args, { cwd: folder, env: VENDOR_ENV });
}

async function looped(folder: string, url: string, more: readonly string[] = []) {
  vendorExperiment(folder, {
    ...{ type: 'anthropic', url: url.replace('/v1', '/played/0.0/v1'), model: MODEL },
    more: 'allow: [max_output_tokens]',
    lines: [
      `tools: [${LOOK_UP}]`,
      'max_turns: 5',
      `variants: { thinks: { ${THINKS} }, plain: { system: Be quick. } }`,
      ...more,
    ],
    scenarios: [
      {
        id: 'stock',
        input: 'How much tea?',
        tool_results: { look_up_stock: '12 packets' },
        expect: { contains: '12' },
      },
    ],
  });
  const { code, stdout, stderr } = await command(folder, ['run', '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as RunSummary;
}

describe('a tool loop with thinking', () => {
  it('takes its thoughts back unchanged each turn, and counts and keeps every one of them', async () => {
    await using sim = await started({ scripts: LOOP });
    const folder = tempFolder();
    const summary = await looped(folder, sim.url);
    expect(summary).toMatchObject({ complete: true, executed: 2, retries: 0 });
    expect(sim.stats()).toMatchObject({ requests: 6, answered: 6, rejected: 0 });
    const record = viewOf(folder).find(({ record: one }) => one.variant === 'thinks')!.record;
    const { output, turns, usage } = record;
    expect(output!.text).toBe('There are 12 packets.');
    expect(output!.tool_calls.map(({ arguments: given }) => given)).toEqual([
      { item: 'tea' },
      { item: 'cups' },
      { item: 'milk' },
    ]);
    expect(turns).toHaveLength(3);
    const thoughts = output!.messages
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => (content as { readonly [name: string]: unknown }[])[0]);
    expect(thoughts).toHaveLength(3);
    for (const thought of thoughts)
      expect(thought).toMatchObject({
        type: 'reasoning',
        providerOptions: { anthropic: { signature: expect.any(String) } },
      });
    expect(usage!.reasoning_tokens).toBeGreaterThan(60);
    expect(usage!.output_tokens).toBeGreaterThan(usage!.reasoning_tokens!);
  });

  it('reads well in show, in a report and on a card of a blind review, where no tool has its name', async () => {
    await using sim = await started({ scripts: LOOP });
    const folder = tempFolder();
    await looped(folder, sim.url, [
      'review: { dimensions: { good: Is it good? }, labels: { yes: { value: 2, anchor: It is. }, no: { value: 1, anchor: It is not. } } }',
    ]);
    const shown = await command(folder, ['show', 'thinks/stock/1']);
    expect(shown.stdout).toMatch(/── assistant thinks ─+\n {2}This is asked: How much tea\?/);
    expect(shown.stdout).toMatch(/── look_up_stock answers ─+\n {2}12 packets/);
    expect(shown.stdout).toMatch(/→ look_up_stock\n +item: tea/);
    for (const raw of ['toolCallId', 'signature', 'tool-result', 'providerOptions'])
      expect(shown.stdout).not.toContain(raw);
    const report = await command(folder, ['report', '--format', 'md', '-o', 'report.md']);
    expect(report.code, report.stderr).toBe(0);
    const text = readFileSync(path.join(folder, 'report.md'), 'utf8');
    expect(text).toContain('[assistant thinks]\nThis is asked: How much tea?');
    expect(text).not.toContain('toolCallId');
    const review = await command(folder, ['review', 'start', '--accept-leak', 'a test']);
    const decks = filesBelow(path.join(folder, 'artifacts')).filter((file) => file.endsWith('deck.jsonl'));
    expect(decks, review.stdout + review.stderr).toHaveLength(1);
    const deck = readFileSync(path.join(folder, 'artifacts', decks[0]!), 'utf8');
    expect(deck).toContain('12 packets');
    for (const hidden of ['look_up_stock', 'This is asked', 'signature', 'reasoning', 'toolu_'])
      expect(deck).not.toContain(hidden);
  });
});

describe('on the account of Claude', () => {
  it('a judge judges, in the form that it is asked for', async () => {
    await using sim = await started();
    const folder = tempFolder();
    vendorExperiment(folder, {
      ...{ type: 'anthropic', url: sim.url, model: MODEL },
      lines: ['variants: { a: { system: Be short. } }', 'scorers: [{ judge: { rubric: It is polite. } }]'],
      scenarios: ['a', 'b', 'c'].map((id) => ({ id, input: `Say ${id}.` })),
    });
    const { code, stdout, stderr } = await command(folder, ['run', '--json']);
    expect(code, stderr).toBe(0);
    const { scores } = JSON.parse(stdout) as { readonly scores: unknown };
    expect(JSON.stringify(scores)).toContain('"judge"');
    const scored = filesBelow(path.join(folder, 'artifacts/small/scores')).filter((file) =>
      file.endsWith('_run1.jsonl'),
    );
    const lines = scored.flatMap((file) => jsonLines(path.join(folder, 'artifacts/small/scores', file)));
    const verdicts = lines.filter(({ type }) => type === 'score');
    expect(verdicts.length).toBeGreaterThanOrEqual(3);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ score: expect.any(Number) });
    expect(sim.stats()).toMatchObject({ rejected: 0 });
  });

  it('own code asks by a language model that is bound to lane, record and account', async () => {
    await using sim = await started();
    const folder = tempFolder();
    vendorExperiment(folder, {
      ...{ type: 'anthropic', url: sim.url, model: MODEL },
      lines: ['variants: { mine: { use: ./mine.ts } }'],
      scenarios: ['a', 'b'].map((id) => ({ id, input: `Say ${id}.` })),
      files: {
        'mine.ts': `export default {
  async run({ languageModel, callOptions }) {
    const { content } = await languageModel.doGenerate(callOptions);
    return 'mine: ' + content.map((part) => part.text ?? '').join('');
  },
};
`,
      },
    });
    const { code, stderr } = await command(folder, ['run']);
    expect(code, stderr).toBe(0);
    for (const { record } of viewOf(folder)) {
      expect(record.output!.text).toMatch(/^mine: .*simulat/i);
      expect(record.usage!.output_tokens).toBeGreaterThan(5);
      expect(JSON.stringify(record)).not.toContain(VENDOR_KEY);
    }
    expect(sim.stats()).toMatchObject({ requests: 2, answered: 2 });
  });
});
