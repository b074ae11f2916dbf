// pytest ends by itself: what its session still has to write and to send is written and sent. And each record's time is the
// time of its own test.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../rig/appears.ts';
import { jsonLines } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { hasPlugin, PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';
import { pressAgain, startCli } from '../rig/started.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';

const HARNESS = `import time
import pytest

@pytest.mark.parametrize("case", ["one", "two", "three"])
@pytest.mark.parametrize("variant", ["a", "b"])
def test_it(variant, case, record_property, expgraph):
    record_property("at_ms", time.time() * 1000)
    time.sleep(0.05)
    record_property("until_ms", time.time() * 1000)
    expgraph.record(f"{variant} {case}")
`;

/** Everything in it comes late: a file each. */
const LATE = `import atexit, os, pathlib, threading, time

def write(name, after=0.3):
    time.sleep(after)
    pathlib.Path(name).write_text("whole")

def flush():
    time.sleep(0.3)
    threading.Thread(target=write, args=("thread", 1.0)).start()

def pytest_sessionfinish():
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        flush()
        write("sessionfinish")

def pytest_unconfigure():
    write("unconfigure")

atexit.register(write, "atexit")
`;
const LATE_FILES = ['sessionfinish', 'unconfigure', 'atexit', 'thread'];
const isThere = ({ folder }: HarnessRun, name: string): boolean => existsSync(path.join(folder, name));

function made(of: {
  readonly conftest: string;
  readonly pytest?: string;
  readonly test?: string;
  readonly rest?: string;
}) {
  return harnessRun({
    manifest: `pytest: { path: tests, python: ${python}${of.pytest ?? ''} }\n${of.rest ?? ''}variants: { a: {}, b: {} }`,
    files: { 'tests/test_it.py': of.test ?? HARNESS, 'tests/conftest.py': of.conftest },
  });
}

describe.skipIf(withoutPytest())('pytest', () => {
  it('ends by itself: sessionfinish, unconfigure, atexit and threads are waited for', async () => {
    const one = made({ conftest: LATE });
    const { code, stdout } = await one.run('run', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { executed: 6, failed: 0 }]);
    expect(LATE_FILES.filter((name) => isThere(one, name))).toEqual(LATE_FILES);
  });

  it.skipIf(!hasPlugin('xdist'))('ends by itself with xdist, too', async () => {
    const one = made({ conftest: LATE, pytest: ", args: ['-n', '2']" });
    expect((await one.run('run')).code).toBe(0);
    expect(LATE_FILES.filter((name) => isThere(one, name))).toEqual(LATE_FILES);
  });

  it('that does not end is waited for within its limit, which is told, and is ended then; every record is there', async () => {
    const one = made({
      conftest:
        'import time\ndef pytest_unconfigure():\n    open("late", "w").close()\n    time.sleep(600)\n',
      pytest: ', end_timeout: 1500ms',
    });
    const { code, stderr, stdout } = await one.run('run', '--events', 'events.jsonl', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { executed: 6 }]);
    expect(stderr).toContain('waiting for pytest to end, at most 2 s');
    const events = jsonLines(path.join(one.folder, 'events.jsonl')) as unknown as readonly {
      kind: string;
      limit_ms?: number;
    }[];
    expect(events.find(({ kind }) => kind === 'waiting')).toMatchObject({ limit_ms: 1500 });
    expect(events.map(({ kind }) => kind)).toContain('waiting-over');
  });

  it('is waited for after one Ctrl-C, and not after the second', async () => {
    const conftest = `import pathlib, time
def pytest_sessionfinish():
    pathlib.Path("ending").write_text("")
    for _ in range(1200):
        if pathlib.Path("go").exists():
            pathlib.Path("whole").write_text("")
            break
        time.sleep(0.05)
`;
    const once = made({ conftest });
    const first = listened(startCli(['run', '--json'], { cwd: once.folder }));
    await until(() => isThere(once, 'ending'));
    first.child.kill('SIGINT');
    await until(() => first.said().includes('Stopping'));
    writeFileSync(path.join(once.folder, 'go'), '');
    const { code } = await first.ended;
    expect([code, isThere(once, 'whole')]).toEqual([0, true]);
    const twice = made({ conftest });
    const second = listened(startCli(['run', '--json'], { cwd: twice.folder }));
    await until(() => isThere(twice, 'ending'));
    second.child.kill('SIGINT');
    await until(() => second.said().includes('Stopping'));
    const { stdout } = await pressAgain(second);
    expect([JSON.parse(stdout).executed, isThere(twice, 'whole')]).toEqual([6, false]);
  });

  it('is stopped by a Ctrl-C while its last test is under way: that is kept, and all are judged as pytest did', async () => {
    const test = HARNESS.replace(
      '    time.sleep(0.05)',
      `    if (variant, case) == ("b", "three"):
        open("last", "w").close()
        while not os.path.exists("go"):
            time.sleep(0.05)`,
    ).replace('import time', 'import os, time');
    const one = made({ conftest: '', test });
    const run = listened(startCli(['run', '--json'], { cwd: one.folder }));
    await until(() => isThere(one, 'last'));
    run.child.kill('SIGINT');
    await until(() => run.said().includes('Stopping'));
    writeFileSync(path.join(one.folder, 'go'), '');
    const { code, stdout } = await run.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { executed: 6, how: 'complete', scores: { executed: 6, missing: 0 } },
    ]);
  });

  it('is not started again for what tests only printed, where it was not waited for', async () => {
    // What they printed is no answer before it is known that no file is written.
    const one = made({
      conftest: `import pathlib, time
def pytest_sessionfinish():
    pathlib.Path("ending").write_text("")
    time.sleep(60)
`,
      test: HARNESS.replace('expgraph.record(f"{variant} {case}")', 'print(variant, case)'),
    });
    const first = listened(startCli(['run', '--json'], { cwd: one.folder }));
    await until(() => isThere(one, 'ending'));
    first.child.kill('SIGINT');
    await until(() => first.said().includes('Stopping'));
    const { stdout } = await pressAgain(first);
    expect(JSON.parse(stdout).executed).toBe(0);
    rmSync(path.join(one.folder, 'ending'));
    const second = await one.run('run', '--json');
    expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { executed: 6, failed: 0 }]);
    expect(isThere(one, 'ending')).toBe(false);
    expect(one.records('a').two.output).toMatchObject({
      text: 'a two',
      properties: { pytest: { text_from: 'stdout' } },
    });
  });

  it('ends in order also where a test was not done in time', async () => {
    const one = made({
      conftest: LATE,
      test: HARNESS.replace(
        '    time.sleep(0.05)',
        '    time.sleep(600 if (variant, case) == ("b", "three") else 0)',
      ),
      rest: 'execution: { timeout: 1s, retries: 0 }\n',
    });
    const { code, stdout } = await one.run('run', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { executed: 6, failed: 1 }]);
    expect(one.records('b').three.attempts[0].error.kind).toBe('code-timeout');
    expect(LATE_FILES.filter((name) => isThere(one, name))).toEqual(LATE_FILES);
  });

  describe('the time of a record', () => {
    const SLACK_MS = 150;
    const PLUGINS = [
      ['one process', '', true],
      ['xdist', ", args: ['-n', '2']", hasPlugin('xdist')],
    ] as const;
    for (const [name, more, isHere] of PLUGINS) {
      it.skipIf(!isHere)(
        `is its own test's, by pytest's clock, not the wait for its turn: ${name}`,
        async () => {
          // Long beside what a busy machine takes between two looks at its clocks.
          const test = HARNESS.replace('time.sleep(0.05)', 'time.sleep(0.4)');
          const one = made({ conftest: '', pytest: more, test });
          expect((await one.run('run', '--events', 'events.jsonl')).code).toBe(0);
          const records = [...Object.values(one.records('a')), ...Object.values(one.records('b'))];
          expect(records).toHaveLength(6);
          for (const { started_at, duration_ms, output, attempts } of records) {
            const { at_ms, until_ms } = output.properties;
            const startMs = Date.parse(started_at);
            expect(startMs).toBeLessThanOrEqual(at_ms + SLACK_MS);
            expect(startMs + duration_ms).toBeGreaterThanOrEqual(until_ms - SLACK_MS);
            // Of its own: no other test of the same process began or ended within.
            expect([attempts[0].started_at, attempts[0].duration_ms]).toEqual([started_at, duration_ms]);
          }
          if (more !== '') return;
          const sorted = records.map(({ started_at, duration_ms }) => [Date.parse(started_at), duration_ms]);
          sorted.sort(([a], [b]) => a - b);
          for (const [n, [start]] of sorted.entries()) {
            if (n > 0)
              expect(start + SLACK_MS).toBeGreaterThanOrEqual(sorted[n - 1]![0]! + sorted[n - 1]![1]!);
          }
          const kinds = (
            jsonLines(path.join(one.folder, 'events.jsonl')) as unknown as readonly { kind: string }[]
          ).map(({ kind }) => kind);
          // What waits for its turn is not under way.
          expect(kinds.indexOf('task-finished')).toBeLessThan(kinds.lastIndexOf('attempt-started'));
          expect(kinds.filter((kind) => kind === 'attempt-started')).toHaveLength(6);
        },
      );
    }
  });
});

/** With what it has said so far. */
function listened(started: ReturnType<typeof startCli>) {
  let text = '';
  started.child.stderr?.on('data', (chunk: Buffer | string) => {
    text += String(chunk);
  });
  return { ...started, said: () => text };
}
