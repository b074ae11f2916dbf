// Programs of any language: what they are told, what they may answer, and how each way of failing is called.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGone, until } from '../rig/appears.ts';
import { editFile } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { pressAgain, startCli } from '../rig/started.ts';

const READ =
  "let text = ''; process.stdin.on('data', (d) => { text += d; }).on('end', () => { const task = JSON.parse(text);";
const once = (body: string): string => `${READ} ${body} });`;
const command = (more = ''): string => `{ command: [node, harness.mjs]${more} }`;

describe('a process an attempt', () => {
  it('is told the task as JSON and answers with a result; stderr is kept', async () => {
    const made = harnessRun({
      manifest: `seed: 5\nmodel: m-1\nruns: 2\nsystem: Be brief.\nvariants: { legacy: ${command(', env: { MODE: fast }, pass_env: [MY_TOKEN]')} }`,
      env: { MY_TOKEN: 'tok-1234-abcd', OTHER: 'not-to-be-seen' },
      files: {
        'harness.mjs': once(`
          console.error('working on', task.scenario.id, process.env.MY_TOKEN);
          console.log('a line of progress');
          console.log(JSON.stringify({ text: task.messages.at(-1).content, tool_calls: [{ name: 't', arguments: { a: 1 } }],
            usage: { input_tokens: 3, output_tokens: 4 }, properties: { task, env: Object.keys(process.env).sort(), mode: process.env.MODE } }));`),
      },
    });
    const { code } = await made.run('run');
    expect(code).toBe(0);
    const { two } = made.records('legacy', 2);
    const { task, env, mode } = two.output.properties;
    expect(two).toMatchObject({
      output: { text: 'do two', tool_calls: [{ name: 't', arguments: { a: 1 } }] },
      usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
      model: 'm-1',
      attempts: [{ log: 'working on two [redacted:MY_TOKEN]\n' }],
    });
    expect(task).toMatchObject({
      ...{ v: 1, variant: 'legacy', run: 2, attempt: 1, seed: 6, model: 'm-1', provider: null },
      scenario: { id: 'two', input: 'do two', category: null, vars: { n: 1 }, tool_results: {} },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'do two' },
      ],
    });
    expect(JSON.stringify(task)).not.toContain('secret');
    expect(env).toEqual(expect.arrayContaining(['MODE', 'MY_TOKEN', 'PATH']));
    expect(env).not.toContain('OTHER');
    expect(mode).toBe('fast');
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 0, cached: 6 });
    editFile(path.join(made.folder, 'harness.mjs'), (text) => `${text}// edited`);
    expect(JSON.parse((await made.run('plan', '--json')).stdout)).toMatchObject({ pending: 6, stale: 6 });
  });

  it.each([
    [
      'ends with an exit code',
      "console.error('boom'); process.exit(3);",
      'code-failed',
      /exit code 3: boom/,
      1,
    ],
    ['asks for another attempt', 'process.exit(75);', 'code-temporary', /exit code 75/, 2],
    [
      'is killed',
      "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 9);",
      'worker-lost',
      /ended by SIGSEGV/,
      2,
    ],
    ['prints no JSON', "console.log('done!');", 'broken-output', /printed no JSON: done!/, 2],
    ['prints half of it', 'process.stdout.write(\'{"text": "a\');', 'broken-output', /printed no JSON/, 2],
    ['prints nothing', '', 'broken-output', /printed nothing/, 2],
    [
      'prints another thing',
      'console.log(\'{"text": 7}\');',
      'broken-output',
      /"text" of a result is text/,
      2,
    ],
    [
      'tells of an error',
      'console.log(JSON.stringify({ error: { message: "no bed" } }));',
      'code-failed',
      /no bed/,
      1,
    ],
    ['never ends', 'setInterval(() => {}, 1000);', 'code-timeout', /not done in 1.5 s/, 2],
    [
      'floods',
      "const kb = 'x'.repeat(1 << 20); const more = () => { while (process.stdout.write(kb)); process.stdout.once('drain', more); }; more();",
      'broken-output',
      /more than 16 MB/,
      2,
    ],
  ])('that %s is a failure by its name', async (_, body, kind, message, attempts) => {
    const made = harnessRun({
      manifest: `execution: { timeout: 1500ms, retries: 1 }\nvariants: { legacy: ${command()} }`,
      scenarios: ['bad', 'good'],
      files: {
        'harness.mjs': once(`if (task.scenario.id === 'good') return console.log('{"text": "ok"}'); ${body}`),
      },
    });
    expect((await made.run('run')).code).toBe(1);
    const { bad, good } = made.records('legacy');
    expect(good.output.text).toBe('ok');
    expect(bad.attempts).toHaveLength(attempts);
    expect(bad.attempts[0].error.kind).toBe(kind);
    expect(bad.attempts[0].error.message).toMatch(message);
  });

  it('that is not there says so', async () => {
    const made = harnessRun({
      manifest: 'variants: { legacy: { command: [no-such-program] } }',
      scenarios: ['one'],
    });
    await made.run('run');
    expect(made.records('legacy').one.attempts[0].error).toMatchObject({
      kind: 'code-failed',
      message: expect.stringMatching(/no-such-program could not be started/),
    });
  });

  it('takes along what it started: at the deadline and when the program is interrupted', async () => {
    const made = harnessRun({
      manifest: `execution: { timeout: 60s }\nvariants: { legacy: ${command()} }`,
      scenarios: ['one'],
      files: {
        'harness.mjs': once(`
          const { spawn } = await import('node:child_process'); const { writeFileSync } = await import('node:fs');
          const child = spawn('sleep', ['600']); writeFileSync('pid', String(child.pid)); setInterval(() => {}, 1000);`).replace(
          ".on('end', () =>",
          ".on('end', async () =>",
        ),
      },
    });
    const { child, ended } = startCli(['run'], { cwd: made.folder });
    const pid = await pidIn(path.join(made.folder, 'pid'));
    expect((await pressAgain({ child, ended })).code).toBe(130);
    await until(() => isGone(pid), 'the end of what the program started');
  });
});

const SERVE = `import readline from 'node:readline';
  let served = 0;
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, task } = JSON.parse(line);
    const answer = (result) => console.log(JSON.stringify({ id, result }));
    served++;`;
const stream = (body: string): string => `${SERVE} ${body} });`;

describe('a process that stays', () => {
  it('serves many tasks, several at a time where it may, and is ended at the end', async () => {
    const made = harnessRun({
      manifest: `runs: 4\nvariants: { legacy: ${command(', protocol: stream, processes: 2, in_flight: 3')} }`,
      files: {
        'harness.mjs': stream(`console.log(JSON.stringify({ id, log: 'got ' + task.scenario.id }));
          setTimeout(() => answer({ text: task.scenario.id, properties: { pid: process.pid, served } }), 50);`),
      },
    });
    expect((await made.run('run')).code).toBe(0);
    const all = [1, 2, 3, 4].flatMap((run) => Object.values(made.records('legacy', run)));
    expect(all).toHaveLength(12);
    expect(
      all.every(
        ({ scenario, output, attempts }) =>
          output.text === scenario && attempts[0].log === `got ${scenario}\n`,
      ),
    ).toBe(true);
    const pids = new Set(all.map(({ output }) => output.properties.pid));
    expect(pids.size).toBe(2);
    for (const pid of pids) expect(isGone(pid)).toBe(true);
  });

  it.each([
    [
      'tells of an error',
      "console.log(JSON.stringify({ id, error: { message: 'no', retryable: true } }))",
      'code-temporary',
      /no/,
    ],
    ['breaks its word', "console.log('hello')", 'broken-output', /printed no JSON: hello/],
    [
      'answers what nobody asked',
      'console.log(JSON.stringify({ id: 99, result: "x" }))',
      'broken-output',
      /an answer to nothing/,
    ],
    ['dies', 'process.exit(9)', 'worker-lost', /exit code 9/],
    ['hangs', '{}', 'code-timeout', /not done in 1 s/],
  ])('and %s: the attempt fails, the next ones have another process', async (_, body, kind, message) => {
    const made = harnessRun({
      manifest: `execution: { timeout: 1s, retries: 0 }\nvariants: { legacy: ${command(', protocol: stream, processes: 1')} }`,
      scenarios: ['a', 'bad', 'b', 'c'],
      files: {
        'harness.mjs': stream(
          `if (task.scenario.id === 'bad') { if (served < 2) await new Promise((r) => setTimeout(r, 0)); ${body}; return; } answer(task.scenario.id);`,
        ),
      },
    });
    await made.run('run', '--scenario', 'a');
    expect((await made.run('run')).code).toBe(1);
    const { bad, ...good } = made.records('legacy');
    expect(
      Object.values(good)
        .map(({ output }) => output.text)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
    // A program that dies with the very first task it is given is not started again and again.
    expect(kind === 'worker-lost' ? ['worker-lost', 'code-failed'] : [kind]).toContain(
      bad.attempts[0].error.kind,
    );
    expect(bad.attempts[0].error.message).toMatch(message);
  });
});

describe('doctor', () => {
  it('says which programs are there', async () => {
    const made = harnessRun({
      manifest: 'variants: { here: { command: [node, x.mjs] }, gone: { command: [no-such-program] } }',
    });
    const { code, stdout } = await made.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +command of here +\/.*node$/m);
    expect(stdout).toMatch(
      /^failed +command of gone +no-such-program: it is neither in PATH nor a file here$/m,
    );
    expect(stdout).not.toContain('api.openai.com');
  });
});

describe('prepare', () => {
  it('runs once, feeds the keys by what it made, and runs again when what it reads has changed', async () => {
    const made = harnessRun({
      manifest: `prepare:\n  - { command: [node, make.mjs], inputs: [raw.txt], outputs: [built/*.txt] }\nvariants: { legacy: ${command()} }`,
      files: {
        'raw.txt': 'one',
        'make.mjs':
          "import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'; mkdirSync('built', { recursive: true }); appendFileSync('made.log', 'x'); writeFileSync('built/out.txt', readFileSync('raw.txt', 'utf8').toUpperCase().trim());",
        'harness.mjs': once(
          "import('node:fs').then(({ readFileSync }) => console.log(JSON.stringify(readFileSync('built/out.txt', 'utf8'))));",
        ),
      },
    });
    const look = await made.run('plan');
    expect(look.stderr).toMatch(/not up to date: node make\.mjs \(prepare\)/);
    expect((await made.run('run')).code).toBe(0);
    expect((await made.run('run')).code).toBe(0);
    expect(readFileSync(path.join(made.folder, 'made.log'), 'utf8')).toBe('x');
    expect(made.records('legacy').one.output.text).toBe('ONE');
    // A change that makes the same thing runs the step and no task.
    editFile(path.join(made.folder, 'raw.txt'), (text) => `${text}\n`);
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 0 });
    editFile(path.join(made.folder, 'raw.txt'), () => 'two');
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 3 });
    expect(made.records('legacy').one.output.text).toBe('TWO');
    expect(readFileSync(path.join(made.folder, 'made.log'), 'utf8')).toBe('xxx');
  });

  it('whose input was edited and put back while it ran is not up to date', async () => {
    const made = harnessRun({
      manifest: `prepare:\n  - { command: [node, make.mjs], inputs: [raw.txt], outputs: [built.txt] }\nvariants: { legacy: ${command()} }`,
      files: {
        'raw.txt': 'one',
        // Only the first time: what it makes is made from what was there in between.
        'make.mjs': `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const isFirst = !existsSync('built.txt');
if (isFirst) writeFileSync('raw.txt', 'two');
writeFileSync('built.txt', readFileSync('raw.txt', 'utf8'));
if (isFirst) writeFileSync('raw.txt', 'one');`,
        'harness.mjs': once(
          "import('node:fs').then(({ readFileSync }) => console.log(JSON.stringify(readFileSync('built.txt', 'utf8'))));",
        ),
      },
    });
    const first = await made.run('run');
    expect(first.stderr).toContain('raw.txt was written while it ran; the next run prepares again');
    const second = JSON.parse((await made.run('run', '--json')).stdout);
    expect([second.executed, made.records('legacy').one.output.text]).toEqual([3, 'one']);
    expect((await made.run('run')).stderr).not.toContain('preparing');
  });

  it('that fails stops everything before anything starts', async () => {
    const made = harnessRun({
      manifest:
        'provider: sim\nprepare: [{ command: [node, -e, "console.error(\'no disk\'); process.exit(4)"], outputs: [built/*] }]\nvariants: { a: {} }',
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no disk\nexpgraph: .*\(prepare\) ended with exit code 4; nothing was started/);
    expect(made.records('a')).toEqual({});
  });
});

async function pidIn(file: string): Promise<number> {
  const pid = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  await until(() => pid() > 0, 'the pid of the program');
  return pid();
}
