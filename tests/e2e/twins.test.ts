// Variants that share every draw, with the real program: who runs them is told, who compares them is refused.
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { jsonLines } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';

const SENTENCE = 'first and twin have equal content and share every draw: they are one arm with two names';

const made = (variants: string) =>
  harnessRun({
    manifest: `provider: sim\nproviders: { sim: { type: sim, sim: { latency_ms: 1 } } }\nvariants: { ${variants} }`,
  });

it('run says who shares every draw, also when nothing is left to draw, in words, events and JSON', async () => {
  const { run, folder } = made('first: {}, twin: {}, other: { system: "Be brief." }');
  for (const executed of [6, 0]) {
    const { code, stdout, stderr } = await run('run', '--json', '--events', 'events.jsonl');
    const summary = JSON.parse(stdout);
    expect([code, summary.executed, summary.twins]).toEqual([0, executed, [['first', 'twin']]]);
    expect(stderr).toContain(`note: ${SENTENCE}`);
    expect(stderr).toContain('salt');
  }
  const told = jsonLines(path.join(folder, 'events.jsonl')).filter(({ code }) => code === 'twins');
  expect(told).toMatchObject(Array(2).fill({ severity: 'note', message: SENTENCE }));
  const alone = await run('run', '--json', '--variant', 'first');
  expect(alone.stderr).not.toContain('share every draw');
  expect(JSON.parse(alone.stdout)).not.toHaveProperty('twins');
  expect(JSON.parse((await run('plan', '--json')).stdout).twins).toEqual([['first', 'twin']]);
});

it('compare refuses twins, and leaves them out where there is something else to compare', async () => {
  const { run, folder } = made('first: {}, twin: {}, other: { system: "Be brief." }');
  await run('run');
  const refused = await run('compare', 'first', 'twin', '--metric', 'tokens');
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  const words = refused.stderr.replace(/\s+/g, ' ');
  expect(words).toContain(`${SENTENCE} (3 cells). Give one of them a \`salt:\` of its own`);
  const json = await cli(['compare', 'first', 'twin', '--metric', 'tokens', '--format', 'json'], {
    cwd: folder,
  });
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ refused: true, comparisons: [] },
    findings: [{ kind: 'shared-draws', severity: 'refusal', arms: ['first', 'twin'], count: 3 }],
  });
  const all = await run('compare', '--metric', 'tokens');
  expect(all.code).toBe(0);
  expect(all.stdout.replace(/\s+/g, ' ')).toContain(`${SENTENCE} (3 cells); left out`);
  const { comparisons } = JSON.parse((await run('compare', '--metric', 'tokens', '--format', 'json')).stdout);
  expect(comparisons).toMatchObject([{ first: 'first', second: 'other' }]);
});

it('variants that a salt tells apart are no twins', async () => {
  const { run } = made('first: {}, twin: { salt: another }');
  const { stdout, stderr } = await run('run', '--json');
  expect([JSON.parse(stdout).executed, stderr.includes('share every draw')]).toEqual([6, false]);
  expect((await run('compare', '--metric', 'tokens')).code).toBe(0);
});
