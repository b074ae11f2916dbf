// Signals, as a person, a terminal or a service manager sends them, and what is left running and kept afterwards.
import { chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appears, isGone } from '../rig/appears.ts';
import { cli } from '../rig/cli.ts';
import { jsonLines, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { eventLines, recordsByKey, writeExperiment } from '../rig/small-experiment.ts';
import { pressAgain, startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

/** Numbers of what was started, once it runs; none of it outlives the test. */
async function started(folder: string): Promise<readonly number[]> {
  const pids = (await appears(path.join(folder, 'pids'))).split(' ').map(Number);
  onTestFinished(() => {
    for (const pid of pids.filter((one) => !isGone(one))) process.kill(pid, 'SIGKILL');
  });
  return pids;
}

/** Writes its own number and that of its child, and stays. */
const STAYS = `import os, signal, subprocess, sys, time
if 'stubborn' in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(['sleep', '600'])
here = os.path.dirname(os.path.abspath(__file__))
with open(here + '/pids', 'w') as out: out.write(f'{os.getpid()} {child.pid}\\n')
time.sleep(600)
`;

const MANIFEST = `version: 1
name: made
provider: sim
scenarios: [scenarios.yaml]
variants: { one: {} }
`;

function prepared(more: string): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `${MANIFEST}${more}\n`,
    'scenarios.yaml': '- { id: a, input: "say a" }\n',
    'stay.py': STAYS,
    'in.txt': 'in',
  });
  return folder;
}

const STEP = (argv: string): string =>
  `prepare: [{ command: [${argv}], inputs: [in.txt], outputs: ["out/*"] }]`;

describe('Ctrl-C while something is prepared', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the step and all that it started before the lock is free, and exits with 130',
    async (signal) => {
      const folder = prepared(STEP('python3, stay.py'));
      const { child, ended } = startCli(['run'], { cwd: folder });
      const pids = await started(folder);
      child.kill(signal);
      const { code, stderr } = await ended;
      expect([code, pids.map(isGone)]).toEqual([130, [true, true]]);
      expect(stderr).toMatch(/expgraph: stopping: what was started is asked to end/);
      expect(stderr).toMatch(/expgraph: stopped: nothing was run\n$/);
    },
  );

  it('keeps the lock while a step that does not want to end is still there; the second Ctrl-C kills it at once', async () => {
    const folder = prepared(STEP('python3, stay.py, stubborn'));
    const { child, ended } = startCli(['run'], { cwd: folder });
    const pids = await started(folder);
    const asked = new Promise<void>((resolve) => {
      child.stderr!.on('data', (text: string) => text.includes('asked to end') && resolve());
    });
    child.kill('SIGINT');
    await asked;
    expect([(await pressAgain({ child, ended })).code, pids.map(isGone)]).toEqual([130, [true, true]]);
  });

  it('is meant for an MCP server that does not answer, too', async () => {
    const folder = prepared('');
    writeFiles(folder, {
      'experiment.yaml': MANIFEST.replace('{}', '{ max_turns: 2, mcp: { command: [python3, stay.py] } }'),
    });
    const { child, ended } = startCli(['run'], { cwd: folder });
    const pids = await started(folder);
    child.kill('SIGINT');
    expect([(await ended).code, pids.map(isGone)]).toEqual([130, [true, true]]);
  });

  it('is meant for an MCP server at an address that does not answer', async () => {
    await using server = await startModelServer();
    const folder = prepared('');
    writeFiles(folder, {
      'experiment.yaml': MANIFEST.replace('{}', `{ max_turns: 2, mcp: { url: "${server.url}" } }`),
    });
    const { child, ended } = startCli(['run'], { cwd: folder });
    await server.next();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  it.each([
    ['doctor', ['doctor']],
    ['init', ['init', '--from-pytest', 'tests', '--python', './python']],
  ])('is meant for what %s starts', async (_, args) => {
    const folder = prepared('');
    writeFiles(folder, {
      'experiment.yaml': MANIFEST.replace('{}', '{ max_turns: 2, mcp: { command: [python3, stay.py] } }'),
      // No pytest is needed to be asked and to stay.
      python: '#!/bin/sh\nexec python3 stay.py\n',
      'tests/test_it.py': '',
    });
    chmodSync(path.join(folder, 'python'), 0o755);
    if (args[0] === 'init') rmSync(path.join(folder, 'experiment.yaml'));
    const { child, ended } = startCli(args, { cwd: folder });
    const pids = await started(folder);
    child.kill('SIGINT');
    expect([(await ended).code, pids.map(isGone)]).toEqual([130, [true, true]]);
  });
});

/** Four cells, two at a time, on a server that the test holds. */
async function held(folder: string, server: ModelServer): Promise<void> {
  writeExperiment(folder, {
    ...{ variants: 1, scenarios: 4, runs: 1, concurrency: 2 },
    sim: `{ type: openai, model: m, base_url: "${server.url}", limits: { concurrency: 2 } }`,
  });
}

const KEY = { OPENAI_API_KEY: 'sk-test' };
const statuses = (folder: string): number => recordsByKey(folder).size;

describe('a hang-up', () => {
  it.each([
    ['SIGHUP', 'SIGHUP', 'SIGHUP'],
    ['SIGTERM', 'SIGTERM', 'SIGHUP'],
    ['SIGINT', 'SIGHUP', 'SIGTERM'],
    // npm, npx and timeout hand on what the terminal has told already: one Ctrl-C.
    ['SIGINT', 'SIGINT', 'SIGTERM'],
  ] as const)('%s, then %s and %s: what is in flight is waited for and kept', async (...signals) => {
    await using server = await startModelServer();
    const folder = tempFolder();
    await held(folder, server);
    const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder, env: KEY });
    const inFlight = [await server.next(), await server.next()];
    let said = '';
    const stopping = new Promise<void>((resolve) => {
      child.stderr!.on('data', (text: string) => {
        said += text;
        if (said.includes('Stopping:')) resolve();
      });
    });
    child.kill(signals[0]);
    await stopping;
    for (const signal of signals.slice(1)) child.kill(signal);
    for (const one of inFlight) one.answer(chatAnswer('paid for'));
    expect((await ended).code).toBe(130);
    expect(statuses(folder)).toBe(2);
    expect(eventLines(path.join(folder, 'events.jsonl')).at(-1)).toMatchObject({ how: 'interrupted' });
  });

  it('before a Ctrl-C: one is enough then to leave at once', async () => {
    await using server = await startModelServer();
    const folder = tempFolder();
    await held(folder, server);
    const { child, ended } = startCli(['run'], { cwd: folder, env: KEY });
    await server.next();
    let said = '';
    child.stderr!.on('data', (text: string) => {
      said += text;
      if (said.includes('Ctrl-C leaves at once')) child.kill('SIGINT');
    });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(130);
    expect(statuses(folder)).toBe(0);
  });

  it('of everybody who listened: a run whose parent is killed, with nobody at its pipes, goes on to its end', async () => {
    await using server = await startModelServer();
    const folder = tempFolder();
    await held(folder, server);
    const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder, env: KEY });
    const first = [await server.next(), await server.next()];
    child.stdout!.destroy();
    child.stderr!.destroy();
    for (const one of first) one.answer(chatAnswer('paid for'));
    for (let n = 0; n < 2; n++) (await server.next()).answer(chatAnswer('paid for'));
    expect((await ended).signal).toBe(null);
    expect(statuses(folder)).toBe(4);
    expect(eventLines(path.join(folder, 'events.jsonl')).at(-1)).toMatchObject({
      how: 'complete',
      exit_code: 0,
    });
  });

  it.runIf(HAS_TERMINAL).each([
    ['run', ['run', '--events', 'events.jsonl']],
    ['watch', ['watch', '--yes', '--events', 'events.jsonl']],
  ])(
    'of a terminal in which %s is at work: what is in flight is kept, and the end is an end',
    async (_, args) => {
      await using server = await startModelServer();
      const folder = tempFolder();
      await held(folder, server);
      const terminal = startInTerminal(args, { cwd: folder, env: KEY });
      const inFlight = [await server.next(), await server.next()];
      terminal.close();
      await terminal.code;
      for (const one of inFlight) one.answer(chatAnswer('paid for'));
      const events = path.join(folder, 'events.jsonl');
      await expect
        .poll(() => eventLines(events).at(-1), { timeout: 120_000 })
        .toMatchObject({ kind: 'invocation-ended', how: 'interrupted', exit_code: 130 });
      expect(statuses(folder)).toBe(2);
      // Nobody holds the store any more.
      await expect
        .poll(async () => (await cli(['status'], { cwd: folder, env: KEY })).code, { timeout: 120_000 })
        .toBeLessThan(2);
    },
  );
});

it.each([['run'], ['score'], ['watch']])('%s --events ends as it would without', async (command) => {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `${MANIFEST}`,
    'scenarios.yaml': '- { id: a, input: "say a", expect: { contains: ["a"] } }\n',
  });
  if (command === 'score') await cli(['run', '--no-score'], { cwd: folder });
  const { child, ended } = startCli([command, '--events', 'events.jsonl', '--json'], { cwd: folder });
  if (command === 'watch') {
    child.stdout!.on('data', (text: string) => text.includes('"watching"') && child.kill('SIGINT'));
  }
  const { code, stderr } = await ended;
  expect([code, stderr.includes('bug')], stderr).toEqual([0, false]);
  expect(jsonLines(path.join(folder, 'events.jsonl')).at(-1)).toMatchObject({
    kind: 'invocation-ended',
    exit_code: 0,
  });
});
