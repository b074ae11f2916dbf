// Own code as a variant: what it is given, what is kept, and that whatever it does harms only its own attempt.
// @project e2e: threads of own code are started.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';

const LOOP = `export default {
  async run({ client, model, messages, scenario, seed, temperature, run, attempt, log, tools, variant, params }) {
    log('begins', scenario.id, { run, attempt });
    console.log('printed by', variant);
    const first = await client.chat.completions.create({ model, messages, temperature });
    const [second, third] = await Promise.all([
      client.chat.completions.create({ model, messages, temperature }),
      client.responses.create({ model, input: 'again' }),
    ]);
    return {
      text: first.choices[0].message.content ?? '',
      toolCalls: [{ name: 'made_up', arguments: { id: scenario.id } }],
      properties: { seed, expect: scenario.expect ?? null, input: scenario.input, params, tools: tools.length },
    };
  },
};`;

describe('own code', () => {
  it('makes its calls through the provider and is kept with every call, what it said and what it told', async () => {
    const made = harnessRun({
      manifest:
        'provider: sim\nseed: 7\nparams: { top_p: 0.5 }\nruns: 2\nvariants: { mine: { use: ./mine.ts } }',
      files: { 'mine.ts': LOOP },
    });
    const { code, stdout, stderr } = await made.run('run', '--json');
    expect([code, stderr.includes('printed')]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ executed: 6, failed: 0, attempts: 6 });
    const { one } = made.records('mine', 2);
    expect(one).toMatchObject({
      status: 'completed',
      output: {
        tool_calls: [{ name: 'made_up', arguments: { id: 'one' } }],
        properties: { seed: 8, expect: null, input: 'do one', params: { top_p: 0.5 }, tools: 0 },
      },
    });
    expect(one.turns).toHaveLength(3);
    const sum = one.turns.reduce(
      (all: number, turn: { usage: { total_tokens: number } }) => all + turn.usage.total_tokens,
      0,
    );
    expect(one.usage.total_tokens).toBe(sum);
    expect(one.cost_usd).toBeGreaterThan(0);
    expect(one.attempts[0].log).toBe('begins one {"run":2,"attempt":1}\nprinted by mine\n');
    const again = await made.run('run', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ executed: 0, cached: 6 });
  });

  it('counts in the key with all that it imports, and with nothing else', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { use: ./code/mine.ts }, other: { use: ./code/other.js } }',
      files: {
        'code/mine.ts':
          "import { word } from './lib/word.ts';\nimport type { T } from './types.ts';\nexport default { run: (): T => word };",
        'code/lib/word.ts': "export const word: string = 'x';",
        'code/types.ts': 'export type T = string;',
        'code/other.js': "export default { run: () => 'y' };",
        'code/beside.ts': '',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    const pending = async () => JSON.parse((await made.run('plan', '--json')).stdout);
    for (const file of ['code/types.ts', 'code/beside.ts'])
      editFile(path.join(made.folder, file), (text) => `${text}// more`);
    expect(await pending()).toMatchObject({ pending: 0 });
    editFile(path.join(made.folder, 'code/lib/word.ts'), (text) => text.replace("'x'", "'z'"));
    const plan = await pending();
    expect(plan).toMatchObject({ pending: 3, stale: 3 });
    expect(plan.pending_tasks[0]).toMatchObject({
      variant: 'mine',
      reason: { kind: 'stale', changed: [{ part: 'variant.harness.code.lib/word.ts' }] },
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('mine').one.output.text).toBe('z');
  });

  it.each([
    ['throws', "throw new TypeError('broken');", 'code-failed', /mine\.ts: TypeError: broken/, 1],
    [
      'asks for another attempt',
      "throw Object.assign(new Error('later'), { retryable: true });",
      'code-temporary',
      /later/,
      2,
    ],
    ['never ends', 'await new Promise(() => {});', 'code-timeout', /not done in 4 s/, 2],
    ['loops for ever', 'for (;;) {}', 'worker-lost', /no sign of life|given up/, 2],
    ['ends the process', 'process.exit(3);', 'worker-lost', /exited with code 3/, 2],
    [
      'throws from a timer',
      "setTimeout(() => { throw new Error('from nowhere'); }); await new Promise(() => {});",
      'code-failed',
      /outside of run, mine\.ts: Error: from nowhere/,
      1,
    ],
    [
      'forgets a rejection',
      "Promise.reject(new Error('forgotten')); await new Promise(() => {});",
      'code-failed',
      /forgotten/,
      1,
    ],
    ['returns nothing', 'return undefined;', 'nothing-recorded', /returned nothing/, 1],
    ['returns an empty object', 'return {};', 'nothing-recorded', /neither a text nor a tool call/, 1],
    [
      'returns what is no JSON',
      'const a = {}; a.a = a; return a;',
      'code-failed',
      /cannot be written as JSON/,
      1,
    ],
    ['returns half a result', 'return { text: 7 };', 'code-failed', /"text" of a result is text/, 1],
  ])('that %s harms its own attempt and nobody else', async (_, bad, kind, message, attempts) => {
    // Only who never comes back has to be waited for; the healthy ones are to be in time on a busy machine, too.
    const timeout = /not done|no sign/.test(message.source) ? '4s' : '30s';
    const made = harnessRun({
      manifest: `execution: { timeout: ${timeout}, retries: 1 }\nvariants: { mine: { use: ./mine.ts } }`,
      scenarios: ['bad', 'a', 'b', 'c', 'd'],
      files: {
        'mine.ts': `export default { async run({ scenario, log }) {
          log('at work');
          if (scenario.id === 'bad') { ${bad} }
          await new Promise((done) => setTimeout(done, 300));
          return 'fine';
        } };`,
      },
    });
    const { code } = await made.run('run');
    expect(code).toBe(1);
    const { bad: failed, ...fine } = made.records('mine');
    expect(
      Object.values(fine).map(({ status, output, attempts }) => [status, output.text, attempts.length]),
    ).toEqual(Array(4).fill(['completed', 'fine', 1]));
    expect(failed.attempts).toHaveLength(attempts);
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: [{ error: { kind } }, ...Array(attempts - 1).fill({})],
    });
    expect(failed.attempts[0].error.message).toMatch(message);
  });

  it('that leaves timers and sockets behind does not keep the run from ending, nor meet the next attempt', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { use: ./mine.ts } }',
      files: {
        'mine.ts': `import net from 'node:net';
        export default { run({ scenario }) {
          net.createServer().listen(0);
          setInterval(() => { console.log('still here'); throw new Error('late'); }, 5);
          return new Promise((done) => setTimeout(() => done(scenario.id), 40));
        } };`,
      },
    });
    // The interval throws while its own attempt is at work: that is a failure of that attempt.
    const { code } = await made.run('run');
    expect(code).toBe(1);
    const texts = Object.values(made.records('mine')).map(({ attempts }) => attempts[0].error?.message);
    expect(texts).toEqual(Array(3).fill(expect.stringMatching(/outside of run.*late/)));
  });

  it('whose leftovers throw after its answer fails nothing', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { use: ./mine.ts } }\nexecution: { concurrency: 1 }',
      scenarios: ['a', 'b', 'c', 'd', 'e', 'f'],
      files: {
        'mine.ts': `export default { run: ({ scenario, attempt }) => {
          setTimeout(() => { throw new Error('late'); }, 30);
          setInterval(() => console.log('of', scenario.id), 5);
          return scenario.id + attempt;
        } };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { executed: 6, failed: 0, retries: 0 }]);
    const logs = Object.entries(made.records('mine')).map(([id, { attempts }]) => [id, attempts[0].log]);
    // Nobody's output is taken for another's.
    expect(logs.every(([id, log]) => log === undefined || /^(?:of (\w)\n)+$/.exec(log)?.[1] === id)).toBe(
      true,
    );
  });

  it('that reads a file which nobody declared is told of, once, and not where it is declared', async () => {
    const made = harnessRun({
      manifest: 'inputs: [told.txt]\nvariants: { mine: { use: ./mine.ts } }',
      files: {
        'told.txt': 'told',
        'hidden.txt': 'hidden',
        'mine.ts': `import { readFileSync } from 'node:fs';
        import { readFile } from 'node:fs/promises';
        const name = 'hidden';
        const hidden = readFileSync(new URL(\`./\${name}.txt\`, import.meta.url), 'utf8');
        export default { run: async () => hidden + await readFile('told.txt', 'utf8') };`,
      },
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(0);
    expect(stderr.match(/read hidden\.txt, which counts in no key/g)).toHaveLength(1);
    expect(stderr).toContain('inputs: ["hidden.txt"]');
    expect(stderr).not.toContain('told.txt');
  });

  it('without a run of its own converses with handlers as tools', async () => {
    const made = harnessRun({
      manifest:
        'provider: sim\nmax_turns: 4\nvariants: { mine: { use: ./mine.ts } }\nsystem: "Today is 2026-02-15."',
      scenarios: ['dentist'],
      files: {
        'scenarios.yaml': '- { id: dentist, input: "Dentist tomorrow at 3pm for an hour." }',
        'mine.ts': `const title = { type: 'string' };
        export default { tools: [
          { name: 'schedule_task', description: 'Schedules a task.', parameters: { type: 'object', properties: { title, start: title } },
            handler: (given, { state, log }) => { state.set('n', (state.get('n') ?? 0) + 1); log('scheduled', given.title); return { ok: true, n: state.get('n') }; } },
        ] };`,
      },
    });
    const { code } = await made.run('run');
    expect(code).toBe(0);
    const { dentist } = made.records('mine');
    expect(dentist.turns[0].tool_results).toEqual([
      expect.objectContaining({ name: 'schedule_task', source: 'handler' }),
    ]);
    expect(dentist.output.messages.find(({ role }: { role: string }) => role === 'tool').content).toBe(
      '{"ok":true,"n":1}',
    );
  });

  it('is refused with a place where it cannot be, and told of where it is no variant', async () => {
    const made = harnessRun({
      manifest:
        'variants:\n  gone: { use: ./gone.ts }\n  torn: { use: ./torn.ts }\n  both: { use: ./torn.ts, command: ["true"] }\n  odd: { in_flight: 2 }',
      files: { 'torn.ts': "import './nothing.ts';" },
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/gone\.ts/);
    expect(stderr).toMatch(/torn\.ts:1:8/);
    expect(stderr).toMatch(/there is no "\.\/nothing\.ts", which is imported here/);
    expect(stderr).toMatch(/has "use" and "command"/);
    expect(stderr).toMatch(/"in_flight" is for variants with "use" or "command"/);
    const none = harnessRun({
      manifest: 'variants: { mine: { use: ./mine.js } }',
      files: { 'mine.js': 'export default 7;' },
    });
    await none.run('run');
    expect(none.records('mine').one.attempts[0].error.message).toMatch(
      /has no default export by defineVariant/,
    );
  });

  it('is retried as a plain call is where the provider fails', async () => {
    const made = harnessRun({
      manifest:
        // Who meets which fault hangs on the order of arrival: so many retries are never used up, so many tasks never all spared.
        'provider: sim\nexecution: { retries: 12 }\nproviders: { sim: { type: sim, sim: { error_rate: 0.3, latency_ms: 1, seed: 3 } } }\nvariants: { mine: { use: ./mine.ts } }',
      scenarios: Array.from({ length: 20 }, (_, n) => `s${n}`),
      files: {
        'mine.ts': `export default { async run({ client, model, messages }) {
          const { choices } = await client.chat.completions.create({ model, messages });
          return choices[0].message.content ?? '';
        } };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    expect(code).toBe(0);
    const { retries, executed } = JSON.parse(stdout);
    expect(executed).toBe(20);
    expect(retries).toBeGreaterThan(0);
    const kinds = Object.values(made.records('mine')).flatMap(({ attempts }) =>
      attempts.flatMap(({ error }: { error: { kind: string } | null }) => error?.kind ?? []),
    );
    expect(new Set(kinds)).toEqual(new Set(['overloaded']));
  });

  it('keeps to the budget, call by call', async () => {
    const made = harnessRun({
      manifest: `provider: sim
execution: { budget_usd: 0.05, concurrency: 2 }
providers: { sim: { type: sim, sim: { latency_ms: 1 }, pricing: { sim-small: { input: 100, output: 100 } } } }
variants: { mine: { use: ./mine.ts } }`,
      scenarios: Array.from({ length: 30 }, (_, n) => `s${n}`),
      files: {
        'mine.ts': `export default { async run({ client, model, messages }) {
          for (let n = 0; n < 3; n++) await client.chat.completions.create({ model, messages, max_tokens: 20 });
          return 'done';
        } };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    const { executed, failed, missing, cost_usd: cost } = JSON.parse(stdout);
    expect([code, executed + missing]).toEqual([3, 30]);
    // Those that were under way paid for their first calls: they have failed records.
    expect(failed).toBeLessThanOrEqual(2);
    expect(cost).toBeGreaterThan(0.01);
    expect(cost).toBeLessThanOrEqual(0.05);
  });

  it('that goes on without a call which the budget did not hold has given no answer', async () => {
    const made = harnessRun({
      manifest: `provider: sim
execution: { budget_usd: 0.02, concurrency: 1 }
providers: { sim: { type: sim, sim: { latency_ms: 1 }, pricing: { sim-small: { input: 100, output: 100 } } } }
variants: { mine: { use: ./mine.ts } }`,
      files: {
        'mine.ts': `export default { async run({ client, model, messages }) {
          for (let n = 0; n < 50; n++) {
            try { await client.chat.completions.create({ model, messages, max_tokens: 20 }); } catch { return 'enough'; }
          }
          return 'done';
        } };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    const { executed, failed, missing, why } = JSON.parse(stdout);
    // What it paid for stands in a failed record; the others were not begun.
    expect([code, executed, failed, missing]).toEqual([3, 1, 1, 2]);
    expect(why).toMatch(
      /^budget of \$0\.02 reached: \$0\.0\d+ is spent, and a call of mine may cost up to \$0\.0\d+ /,
    );
  });

  it('that tells of more than its client did is counted with what it tells', async () => {
    const made = harnessRun({
      manifest: `provider: sim
execution: { budget_usd: 0.02, concurrency: 1 }
providers: { sim: { type: sim, pricing: { sim-small: { input: 1, output: 1 } } } }
variants: { mine: { use: ./mine.ts } }`,
      scenarios: Array.from({ length: 10 }, (_, n) => `s${n}`),
      files: {
        'mine.ts': `export default { run: () => ({ text: 'by itself', usage: { input_tokens: 2000, output_tokens: 1000 } }) };`,
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    // 0.003 each: after six of them a seventh is not held any more.
    expect([code, JSON.parse(stdout).executed]).toEqual([3, 6]);
  });

  it('without a provider is told so when it asks for the client', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { use: ./mine.ts } }',
      files: { 'mine.ts': 'export default { run: ({ client }) => client.models.list() };' },
    });
    await made.run('run');
    expect(made.records('mine').one.attempts[0].error).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('set "provider:"'),
    });
    expect(existsSync(path.join(made.folder, 'artifacts'))).toBe(true);
    expect(readFileSync(path.join(made.folder, 'experiment.yaml'), 'utf8')).toContain('use');
  });
});
