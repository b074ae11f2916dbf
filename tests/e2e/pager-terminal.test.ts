// show in a terminal: who reads there gets a pager, whatever that is, and nobody else does.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../rig/program.ts';
import { writeExperiment } from '../rig/small-experiment.ts';
import { HAS_TERMINAL, startInTerminal, type Terminal } from '../rig/terminal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = 'Nice. \u001b]0;owned\u0007\u202e $(touch owned) `touch owned`';

describe.skipIf(!HAS_TERMINAL)('in a terminal (needs python3 with pty)', () => {
  /** Twenty cells, more than a screen, and one answer that means harm. */
  beforeAll(async () => {
    const answers = `{ s0: ${JSON.stringify(HOSTILE)}, "*": Fine. }`;
    writeExperiment(folder, {
      ...{ variants: 1, scenarios: 20, runs: 1, concurrency: 20 },
      sim: `{ type: sim, sim: { latency_ms: 1, latency_spread: 0, answers: ${answers} } }`,
    });
    expect((await program(['run'], { cwd: folder })).code).toBe(0);
  });

  /** A pager that keeps what it is given, with the words that it was called with. */
  function pager(script: string): string {
    const file = path.join(folder, 'pager');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function show(env: { readonly [name: string]: string }, ...args: readonly string[]): Terminal {
    return startInTerminal(['show', ...args], { cwd: folder, env });
  }

  it('$PAGER gets the text on its input, with its own words, and no shell sees any of it', async () => {
    const command = pager(`printf '%s|' "$@" > called; cat > given`);
    const ended = show({ PAGER: `'${command}' -a "b c"`, NO_COLOR: '1' });
    expect(await ended.code).toBe(0);
    expect(readFileSync(path.join(folder, 'called'), 'utf8')).toBe('-a|b c|');
    const given = readFileSync(path.join(folder, 'given'), 'utf8');
    expect(given.match(/^━━ v0\/s\d+\/1 ━+ \d+ of 20 ━━$/gm)).toHaveLength(20);
    expect(given).toContain('\\x1b]0;owned\\x07\\u202e $(touch owned) `touch owned`');
    expect(existsSync(path.join(folder, 'owned'))).toBe(false);
    expect(ended.shown()).not.toContain('━━');
  });

  it('one that is left early is no error, and neither is one that is not there', async () => {
    expect(await show({ PAGER: pager('head -c 10 > /dev/null') }).code).toBe(0);
    const missing = show({ PAGER: path.join(folder, 'no-such-pager'), NO_COLOR: '1' });
    expect(await missing.code).toBe(0);
    expect(missing.shown().match(/━━ v0\/s/g)).toHaveLength(20);
  });

  it('less is the pager where none is named; it stays until it is left', async () => {
    const reading = show({});
    await reading.showing('v0/s0/1');
    reading.press('q');
    expect(await reading.code).toBe(0);
    expect(reading.shown()).not.toContain('v0/s19/1');
  });

  it.each<[string, readonly string[], { readonly [name: string]: string }]>([
    ['--no-pager', ['--no-pager'], { PAGER: 'false' }],
    ['PAGER=', [], { PAGER: '' }],
    ['PAGER=cat', [], { PAGER: 'cat' }],
  ])('%s prints all of it', async (_, args, env) => {
    const printed = show(env, ...args);
    expect(await printed.code).toBe(0);
    expect(printed.shown()).toContain('v0/s19/1');
  });

  it('a pipe has no pager, and lines as long as they are', async () => {
    const { code, stdout } = await program(['show'], { cwd: folder, env: { PAGER: 'false' } });
    expect([code, stdout.match(/^━━ /gm)?.length]).toEqual([0, 20]);
  });
});
