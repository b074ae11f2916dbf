// What an account turned out to allow, from one invocation to the next, as a user meets it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventLine } from '../../src/core/event.ts';
import type { RunSummary, StatusSummary } from '../../src/core/summary.ts';
import { startSim } from '../../src/sim/server/sim.ts';
import { inProcess, type Said } from '../rig/in-process.ts';
import { tempFolder } from '../rig/temp.ts';
import { quick } from '../sim/client.ts';

function write(folder: string, url: string): void {
  const tasks = Array.from({ length: 60 }, (_, i) => `- { id: "s${i}", input: "say ${i}" }`);
  writeFileSync(path.join(folder, 'scenarios.yaml'), `${tasks.join('\n')}\n`);
  const lines = [
    'version: 1',
    'name: made',
    'provider: small',
    'model: m',
    'scenarios: [scenarios.yaml]',
    'variants: { a: {} }',
    `providers: { small: { type: openai, base_url: "${url}", api_key_env: MADE_KEY } }`,
  ];
  writeFileSync(path.join(folder, 'experiment.yaml'), `${lines.join('\n')}\n`);
}

const KEY = 'sk-made-0123456789abcdef';

function asked(folder: string, ...argv: readonly string[]): Promise<Said> {
  return inProcess(argv, { cwd: folder, env: { MADE_KEY: KEY } });
}

async function run(folder: string, ...more: readonly string[]) {
  const events = path.join(folder, `events-${Math.random()}.jsonl`);
  const { code, out, err } = await asked(folder, 'run', '--json', '--events', events, ...more);
  const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
  const summary = JSON.parse(out) as RunSummary;
  return { code, err, summary, events: lines.map((line) => JSON.parse(line) as EventLine) };
}

const ofKind = (events: readonly EventLine[], kind: EventLine['kind']) =>
  events.filter((event) => event.kind === kind);

/** Small enough to refuse at once, and quick enough for a test. */
const SMALL = quick({ ratePerSecond: 20, burst: 2, limitHeaders: false, retryAfter: 'seconds' });

describe('an account that refused calls', () => {
  it('is told, kept, shown and begun with; without its file it is found anew', async () => {
    await using sim = await startSim({ settings: SMALL });
    const folder = tempFolder();
    write(folder, sim.url);
    const first = await run(folder);
    expect([first.code, first.summary.complete]).toEqual([0, true]);
    expect(first.summary.limits_found).toHaveLength(1);
    const [found] = first.summary.limits_found!;
    expect(found!.lane).toBe('small');
    expect(ofKind(first.events, 'lane-learned')).toEqual([expect.objectContaining(found!)]);
    expect(ofKind(first.events, 'lane-hinted')).toEqual([]);

    const root = path.join(folder, 'artifacts/made');
    const file = path.join(root, 'limits.json');
    expect(readFileSync(file, 'utf8')).not.toMatch(/sk-made|127\.0\.0\.1/);
    const status = JSON.parse((await asked(folder, 'status', '--json')).out) as StatusSummary;
    const { invocation } = first.summary;
    const { refused, ...kept } = found!;
    expect(refused).toBeGreaterThan(0);
    expect(status.limits).toEqual([{ ...kept, found_at: expect.any(String), found_in: invocation }]);
    expect((await asked(folder, 'doctor')).out).toMatch(/limits of small +a run begins at .* just now/);

    const second = await run(folder, '--force');
    expect(second.code).toBe(0);
    expect(ofKind(second.events, 'lane-hinted')).toEqual([
      expect.objectContaining({ lane: 'small', found_in: invocation, tasks: 60 }),
    ]);
    expect(second.err).toMatch(/note: small begins at .*, as found just now/);

    rmSync(file);
    const third = await run(folder, '--force');
    expect(ofKind(third.events, 'lane-hinted')).toEqual([]);
  }, 60_000);

  it('leaves fsck, gc and reindex alone, whatever stands in its file', async () => {
    await using sim = await startSim({ settings: quick() });
    const folder = tempFolder();
    write(folder, sim.url);
    const quiet = await run(folder);
    expect([quiet.code, quiet.summary.limits_found, quiet.err]).toEqual([
      0,
      undefined,
      expect.not.stringContaining('begins at'),
    ]);
    const file = path.join(folder, 'artifacts/made/limits.json');
    writeFileSync(file, '{"v":9,"accounts":"no');
    for (const command of ['fsck', 'gc', 'reindex']) {
      const { code, out, err } = await asked(folder, command);
      expect([command, code, `${out}${err}`]).toEqual([
        command,
        0,
        expect.not.stringContaining('limits.json'),
      ]);
    }
    expect(readFileSync(file, 'utf8')).toBe('{"v":9,"accounts":"no');
    expect((await run(folder, '--force')).code).toBe(0);
  }, 60_000);
});
