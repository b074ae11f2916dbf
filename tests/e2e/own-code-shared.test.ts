// Own code that says `in_flight`: its attempts run side by side in one thread, are told apart, and one that takes the
// thread along costs none of the others an attempt.
// @project e2e: threads of own code are started.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';

const NAMES = ['a', 'b', 'bad', 'c', 'd', 'e', 'f', 'g'];

describe('own code with in_flight', () => {
  it('has its attempts side by side in one module, each with its own log, calls and answer', async () => {
    const made = harnessRun({
      manifest:
        'provider: sim\nexecution: { concurrency: 8 }\nvariants: { mine: { use: ./mine.ts, in_flight: 8 } }',
      scenarios: NAMES,
      files: {
        'mine.ts': `const here = new Set();
        let most = 0;
        export default { async run({ client, model, messages, scenario, log }) {
          here.add(scenario.id);
          most = Math.max(most, here.size);
          console.log('printed by', scenario.id);
          const { choices } = await client.chat.completions.create({ model, messages });
          await new Promise((done) => setTimeout(done, 50));
          log('logged by', scenario.id);
          here.delete(scenario.id);
          return { text: choices[0].message.content, properties: { id: scenario.id, most } };
        } };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { executed: 8, failed: 0, attempts: 8 }]);
    const records = Object.entries(made.records('mine'));
    for (const [id, { output, attempts, turns }] of records) {
      expect([id, attempts[0].log, output.properties.id, turns.length]).toEqual([
        id,
        `printed by ${id}\nlogged by ${id}\n`,
        id,
        1,
      ]);
    }
    expect(Math.max(...records.map(([, { output }]) => output.properties.most))).toBeGreaterThan(1);
  });

  it.each([
    ['throws', "throw new TypeError('broken');", { kind: 'code-failed', retries: 0 }],
    [
      'throws from a timer',
      "setTimeout(() => { throw new Error('from nowhere'); }); await new Promise(() => {});",
      { kind: 'code-failed', retries: 0 },
    ],
    [
      'forgets a rejection',
      "Promise.reject(new Error('forgotten')); await new Promise(() => {});",
      { kind: 'code-failed', retries: 0 },
    ],
    ['ends the process', 'process.exit(3);', { kind: 'worker-lost', retries: 1 }],
  ])('that %s harms its own attempt and none beside it', async (_, bad, { kind, retries }) => {
    const made = harnessRun({
      manifest:
        'execution: { timeout: 30s, retries: 1, concurrency: 8 }\nvariants: { mine: { use: ./mine.ts, in_flight: 8 } }',
      scenarios: NAMES,
      files: {
        'mine.ts': `export default { async run({ scenario }) {
          await new Promise((done) => setTimeout(done, 100));
          if (scenario.id === 'bad') { ${bad} }
          await new Promise((done) => setTimeout(done, 300));
          return 'fine';
        } };`,
      },
    });
    expect((await made.run('run')).code).toBe(1);
    const { bad: failed, ...fine } = made.records('mine');
    expect(Object.values(fine).map(({ output, attempts }) => [output.text, attempts.length])).toEqual(
      Array(7).fill(['fine', 1]),
    );
    expect(failed.attempts.map(({ error }: { error: { kind: string } }) => error.kind)).toEqual(
      Array(retries + 1).fill(kind),
    );
  });

  it.each([
    ['loops for ever', 'for (;;) {}', '4s'],
    ['takes all memory', 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length));', '60s'],
  ])(
    'that %s takes its thread along, and nobody beside it fails or uses up a retry',
    async (_, bad, timeout) => {
      const made = harnessRun({
        manifest: `execution: { timeout: ${timeout}, retries: 0, concurrency: 8 }\nvariants: { mine: { use: ./mine.ts, in_flight: 8 } }`,
        scenarios: NAMES,
        files: {
          'mine.ts': `export default { async run({ scenario, attempt }) {
          if (scenario.id === 'bad') { ${bad} }
          await new Promise((done) => setTimeout(done, 300));
          return 'fine';
        } };`,
        },
      });
      expect((await made.run('run')).code).toBe(1);
      const { bad: failed, ...fine } = made.records('mine');
      expect(Object.values(fine).map(({ status, output }) => [status, output.text])).toEqual(
        Array(7).fill(['completed', 'fine']),
      );
      expect([failed.status, failed.attempts.at(-1).error.kind]).toEqual(['failed', 'worker-lost']);
    },
  );

  it('is no other experiment: what was drawn without it is there', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { use: ./mine.ts } }\nscorers: [{ use: ./marks.ts, name: mine }]',
      files: {
        'mine.ts': "export default { run: () => 'fine' };",
        'marks.ts': 'export default { score: async () => 1 };',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text
        .replace('use: ./mine.ts', 'use: ./mine.ts, in_flight: 8')
        .replace('use: ./marks.ts,', 'use: ./marks.ts, in_flight: 8,'),
    );
    const again = JSON.parse((await made.run('run', '--json')).stdout);
    expect(again).toMatchObject({ executed: 0, cached: 3 });
    expect((await made.run('score', '--force')).code).toBe(0);
  });
});
