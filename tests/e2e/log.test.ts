// What was done, how it ended and what stands now, by the real program: log, status, history and diff of an experiment's life.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, ROOT, writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { startWatching } from '../rig/watching.ts';

const MANIFEST = (latency: number, more = '') => `version: 1
name: told
provider: sim
model: sim-small
runs: 3
system: Be brief.
execution: { retries: 0, concurrency: 4${more} }
scenarios: [s.yaml]
variants: { one: {}, two: { system: Be kind. } }
providers:
  sim: { type: sim, sim: { latency_ms: ${latency}, latency_spread: 0, answers: answers.yaml } }
`;

function made(scenarios = 4, manifest = MANIFEST(2)) {
  const folder = tempFolder();
  const lines = Array.from(
    { length: scenarios },
    (_, i) => `- { id: s${i}, input: Say ${i}., expect: { contains: yes } }`,
  );
  writeFiles(folder, {
    'experiment.yaml': manifest,
    's.yaml': `${lines.join('\n')}\n`,
    'answers.yaml': '"*": { variants: { one: "no", two: "yes" } }\n',
  });
  const said = async (...args: string[]) => await inProcess(args, { cwd: folder });
  return {
    folder,
    said,
    run: (...args: string[]) => cli(args, { cwd: folder }),
    out: async (...args: string[]) => (await said(...args)).out,
    newest: async () => JSON.parse((await said('log', '--json', '-n', '1')).out).invocations[0],
    edit: (from: string, to: string) =>
      editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace(from, to)),
  };
}

describe('log', { timeout: 120_000 }, () => {
  it('lists what was done, newest first, with how each ended; one in full; as JSON; the first few', async () => {
    const { run, out, newest, said } = made();
    expect(await out('log')).toContain('Nothing was run yet.');
    await run('run', '--max-new', '5');
    expect(await newest()).toMatchObject({
      ...{ number: 1, command: 'run', how: 'max-new-reached', executed: 5, exit_code: 3 },
      why: '--max-new 5 reached: 19 tasks are left',
    });
    await run('run');
    expect(await newest()).toMatchObject({ number: 2, how: 'complete', executed: 19, why: null });
    await run('score', '--force');
    expect(await newest()).toMatchObject({ number: 3, command: 'score', executed: 0 });
    const list = await out('log');
    expect(list).toMatch(/^ 3 {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}just now {2}score --force · /);
    expect(list).toMatch(/\n {4}5 executed, \d judged · --max-new 5 reached: 19 tasks are left\n/);
    expect((await out('log', '-n', '1')).split('\n').slice(2)).toEqual([
      '    and 2 earlier: npx expgraph log -n 3',
      '',
    ]);
    const full = await out('log', '2');
    expect(full).toMatch(/^Invocation 2 \(0002-/);
    expect(full).toMatch(/ended +complete \(exit 0\)/);
    expect(full).toContain('npx expgraph diff 1 2');
    expect(JSON.parse(await out('log', '2', '--json'))).toMatchObject({
      number: 2,
      before: 1,
      how: 'complete',
    });
    expect((await said('log', '9')).err).toBe('expgraph: there is no invocation 9; there are 1 to 3\n');
  });

  it('says that the budget was reached, and the deadline', async () => {
    const budget = made(40, MANIFEST(2, ', budget_usd: 0.0001'));
    await budget.run('run');
    expect(await budget.newest()).toMatchObject({
      how: 'budget-reached',
      why: expect.stringMatching(/budget/i),
    });
    const deadline = made(40, MANIFEST(300));
    await deadline.run('run', '--deadline', '1s');
    const told = await deadline.newest();
    expect(told).toMatchObject({ how: 'deadline-reached', exit_code: 3 });
    expect(told.why).toMatch(/^--deadline 1s reached: \d+ tasks are left$/);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('says what %s was', async (signal) => {
    const { folder, newest, out } = made(40, MANIFEST(200));
    const { child, ended } = startCli(['run', '--events', 'events.jsonl', '-v'], { cwd: folder });
    // Once something is on its way it is an invocation.
    await new Promise<void>((resolve) => {
      let said = '';
      child.stderr!.on('data', (text: string) => {
        said += text;
        if (said.includes('done: ')) resolve();
      });
    });
    child.kill(signal);
    await ended;
    const told = await newest();
    if (signal === 'SIGKILL') {
      expect(told).toMatchObject({ how: 'killed', why: null, ended_at: null, exit_code: null });
      expect(await out('log')).toContain(
        'never ended: killed, or the machine went down; what it finished is kept',
      );
      return;
    }
    const words = { SIGINT: /Ctrl-C|SIGINT/, SIGTERM: /SIGTERM/, SIGHUP: /SIGHUP|terminal|hang/i }[signal];
    expect(told).toMatchObject({ how: 'interrupted', exit_code: 130, why: expect.stringMatching(words) });
    expect(await out('log')).toContain(told.why.slice(0, 40));
    expect((await out('log', '1')).replace(/\s+/g, ' ')).toContain(told.why);
  });

  it('has imports and rounds of watch', async () => {
    const { folder, run, newest } = made();
    await run('run', '--variant', 'two');
    await run('export', '--format', 'jsonl', '--out', 'out.jsonl');
    const rows = [0, 1].map((i) =>
      JSON.stringify({ variant: 'old', scenario: `s${i}`, run: 1, output: 'yes' }),
    );
    writeFileSync(path.join(folder, 'in.jsonl'), `${rows.join('\n')}\n`);
    const imported = await run('import', 'in.jsonl');
    expect([imported.code, imported.stderr]).toEqual([0, imported.stderr]);
    expect(await newest()).toMatchObject({
      command: 'import',
      imported: { file: expect.stringMatching(/in\.jsonl$/) },
    });
    const watching = startWatching(folder, ['--yes']);
    await watching.next('watching');
    watching.signal('SIGINT');
    await watching.ended;
    expect(await newest()).toMatchObject({ command: 'watch', how: 'complete', executed: 12 });
  });

  it('reads a store of the first format', async () => {
    const folder = tempFolder();
    const from = path.join(ROOT, 'tests/stores/v1');
    cpSync(from, folder, { recursive: true });
    const name = /^name: (.*)$/m.exec(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8'))![1]!;
    mkdirSync(path.join(folder, 'artifacts'));
    cpSync(path.join(folder, 'store'), path.join(folder, 'artifacts', name), { recursive: true });
    const { code, out } = await inProcess(['log'], { cwd: folder });
    expect(code).toBe(0);
    expect(out).toMatch(/^ ?\d+ {2}20\d\d-\d\d-\d\d \d\d:\d\d UTC/);
    expect(out).toMatch(/ · complete/);
  });
});

describe('status', { timeout: 120_000 }, () => {
  it('says what is there, what is stale and why, and how many did not pass', async () => {
    const { run, out, edit } = made();
    expect(await out('status')).toContain('Nothing was asked yet: 24 cells');
    await run('run');
    const complete = await out('status');
    expect(complete).toContain('Complete: 24 cells, each with a current record.');
    expect(complete).toContain('\n12 answers did not pass: npx expgraph show --not-passed\n');
    edit('Be kind.', 'Be very kind.');
    expect(await out('status')).toMatch(
      /12 stale +answered, but what is asked was edited since: variant\.system/,
    );
  });

  it('counts the reasons of what failed, and answers that were imported', async () => {
    const { folder, run, out, edit } = made();
    edit('latency_spread: 0', 'latency_spread: 0, error_rate: 1');
    const failing = await run('run', '--variant', 'one');
    expect(failing.code).not.toBe(0);
    expect(await out('status', '--variant', 'one')).toMatch(
      /12 failed +asked, and no attempt brought an answer: [^\n]*\(12\)|12 failed/,
    );
    writeFileSync(
      path.join(folder, 'in.jsonl'),
      `${JSON.stringify({ variant: 'old', scenario: 's0', run: 1, output: 'yes' })}\n`,
    );
    await run('import', 'in.jsonl');
    expect(await out('status')).toContain('1 imported answer stands beside these cells');
  });
});

describe('history and diff', { timeout: 120_000 }, () => {
  it('tell one edit of 60 cells once, within the width, and names that can be pasted', async () => {
    const { folder, run, out, said, edit } = made(20);
    await run('run', '-q');
    edit('Be kind.', 'Be very kind and say what it is that you would do.');
    await run('run', '-q');
    const history = await out('history');
    const lines = history.split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(history).toContain('60 cells of two, runs 1-3, 20 scenarios');
    expect(await out('diff')).toBe(await out('diff', 'previous', 'last'));
    editFile(path.join(folder, 'answers.yaml'), (text) => text.replace('"no"', '"never"'));
    const forced = await run('run', '--force', '-q', '--scenario', 's1');
    expect(forced.code).toBe(0);
    const diff = await out('diff');
    const names = [...diff.matchAll(/^[~!+-] (\S+)/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names.slice(0, 3)) expect((await said('show', name)).code).toBe(0);
  });

  it('ask what was meant where a name means nothing', async () => {
    const { run, said } = made();
    await run('run', '--variant', 'one');
    const error = async (...args: string[]) => {
      const { code, err } = await said(...args);
      return `${code} ${err.replace(/^expgraph: /, '').trim()}`;
    };
    expect(await error('history', 'tow')).toMatch(/^2 no record matches "tow"; did you mean "two"\?/);
    // What was not drawn yet is no mistake: its history is empty.
    expect(await said('history', 'two')).toMatchObject({ code: 0, out: expect.stringMatching(/^No record/) });
    expect(await error('history', '--variant', 'tow')).toContain('did you mean "two"?');
    expect(await error('diff', 'lst')).toBe('2 "lst" is no moment; did you mean "last"?');
    expect(await error('diff', 'one', 'two')).toContain('npx expgraph compare one two');
    expect(await error('diff', 'one/s1/1')).toContain('npx expgraph history one/s1/1');
  });
});

describe('what stands in the way of the store', { timeout: 60_000 }, () => {
  it('a file where a folder has to be is named, and so is a folder where a file has to be', async () => {
    const { folder, said } = made();
    writeFileSync(path.join(folder, 'artifacts'), '');
    const sentence = `${path.join(folder, 'artifacts')} is a file, and a folder has to be there: move it away, or give it another name\n`;
    for (const command of ['run', 'status', 'log']) {
      const { code, err } = await said(command);
      expect([command, code, err]).toEqual([command, 4, expect.stringContaining(sentence)]);
      expect(err).not.toMatch(/ENOTDIR|EEXIST/);
    }
    rmSync(path.join(folder, 'artifacts'));
    await said('run', '-q');
    const { invocations } = JSON.parse((await said('log', '--json')).out);
    const file = path.join(folder, 'artifacts/told/history', invocations[0].invocation, 'invocation.json');
    rmSync(path.join(folder, 'artifacts/told/index.db'));
    mkdirSync(path.join(folder, 'artifacts/told/index.db'));
    expect((await said('status')).err).toContain(
      'index.db is no file and not used: the history itself was read',
    );
    expect((await said('run', '-q')).code).toBe(0);
    rmSync(file);
    mkdirSync(file);
    expect((await said('fsck')).err + (await said('fsck')).out).toContain(
      'it is a folder, and a file has to be there',
    );
  });
});

describe('options of every command with values that make no sense', () => {
  it.each([
    [['--color', 'rainbow', 'run'], '--color takes always, never, auto, not "rainbow"'],
    [['run', '--color', 'nevr'], '--color takes always, never, auto, not "nevr"; did you mean never?'],
    [['-C', 'nowhere', 'status'], 'there is no folder '],
    [
      ['-C', 's.yaml', 'status'],
      's.yaml is a file, and -C takes a folder; a manifest is named with -f s.yaml',
    ],
    [['run', '--events', '.'], ': it is a folder; name a file in it: --events '],
  ] as const)('%j is told as what it is', async (args, words) => {
    const { code, err } = await made().said(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('-q lists no cell that did not pass, and says how many and how to see them', async () => {
    const { out } = made();
    const said = await out('run', '-q');
    expect(said.trimEnd().split('\n').at(-1)).toBe(
      '12 of 24 cells did not pass: npx expgraph show --not-passed',
    );
    expect(said).not.toMatch(/\bs1\b/);
  });
});
