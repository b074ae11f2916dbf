// Names, files and answers that mean harm, through the real program: nothing is written where it does not belong, no
// two cells become one, and nothing of it reaches a terminal as anything but text.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { runHostile } from '../rig/hostile-run.ts';
import { ODD, SAYINGS } from '../rig/hostile-sayings.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { program } from '../rig/program.ts';
import { http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, recordsByKey, writeExperiment } from '../rig/small-experiment.ts';

/** Refused with a place and a reason. */
const REFUSED = [
  'nul\0',
  'x'.repeat(4_096),
  '\u202etxt',
  'two\nlines',
  '\u001b[31mred',
  ' lead',
  '',
  '\u200b',
];

export const row: Row = {
  name: 'hostile-inputs',
  how: `${ODD.length + REFUSED.length} odd names as scenario and variant, ${SAYINGS.length + 3} answers with escapes, lone surrogates and __proto__, a YAML bomb, a loop of links, 100,000 scenarios`,
  holds:
    'nothing is written outside artifacts/, every cell has its own key and record, what cannot be is refused by name, terminals get text only, memory is bounded',
  full: 3,
  unit: 'runs',
  seconds: 42,
  async run({ count, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) {
      await oddNames();
      await refusedNames();
      await answers();
      await files();
      if (tried === 0) await manyScenarios();
    }
    return { tried, seen: `${tried * (ODD.length + REFUSED.length + SAYINGS.length + 3)} odd things` };
  },
};

const QUICK_SIM = '{ type: sim, sim: { latency_ms: 0 } }';

function writeNames(cwd: string, names: readonly string[]): void {
  writeExperiment(cwd, { variants: 1, scenarios: 1, runs: 1, concurrency: 8, sim: QUICK_SIM });
  const lines = names.map((id, i) => JSON.stringify({ id, input: `say ${i}` }));
  writeFileSync(path.join(cwd, 'scenarios.jsonl'), `${lines.join('\n')}\n`);
}

async function oddNames(): Promise<void> {
  await withFolder(async (folder) => {
    const cwd = path.join(folder, 'a/b/c');
    mkdirSync(cwd, { recursive: true });
    writeNames(cwd, ODD);
    const before = filesBelow(folder);
    const variants = ODD.filter((_, i) => i % 4 === 0);
    for (const [i, name] of variants.entries()) {
      // One variant at a time: as files many of these names are one.
      const file = path.join(cwd, 'experiment.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        text.replace(/^variants: .*$/m, `variants: { ${JSON.stringify(name)}: { system: "be ${i}" } }`),
      );
      const { code, stderr, stdout } = await program(['run'], { cwd });
      assert.equal(code, 0, `${name}: ${tail(stderr)}`);
      assertText(stdout + stderr);
    }
    const strays = filesBelow(folder).filter(
      (file) => !before.includes(file) && !file.startsWith(`a/b/c/${ARTIFACTS}/`),
    );
    assert.deepEqual(strays, []);
    const records = [...recordsByKey(cwd).values()];
    assert.equal(records.length, ODD.length * variants.length, 'as many keys as cells');
    assert.ok(records.every((lines) => lines.length === 1));
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, fsck.stdout);
    const again = await program(['run', '--offline'], { cwd });
    assert.equal(again.code, 0, 'every odd cell is found again');
  });
}

async function refusedNames(): Promise<void> {
  await withFolder(async (cwd) => {
    writeNames(cwd, REFUSED);
    const { code, stderr } = await program(['run'], { cwd });
    assert.equal(code, 2);
    for (const [i, name] of REFUSED.entries()) {
      assert.ok(
        stderr.includes(`scenarios.jsonl:${i + 1}:`),
        `line ${i + 1} (${JSON.stringify(name)}) is not named`,
      );
    }
    assertText(stderr);
    assert.ok(!existsSync(path.join(cwd, 'artifacts')));
  });
}

async function answers(): Promise<void> {
  // Half a character can be written in JSON by its escape only.
  const lone = JSON.stringify(chatAnswer('LONE')).replace('LONE', '\\ud83d alone \\udc00');
  const call = JSON.stringify(chatAnswer('')).replace(
    '"content":""',
    '"content":null,"__proto__":{"polluted":1},"tool_calls":[{"id":"../x","type":"function","function":{"name":"__proto__","arguments":"{\\"__proto__\\":{\\"polluted\\":1},\\"constructor\\":1}"}}]',
  );
  // Two names that are one for everybody who normalises, and a number that JSON cannot hold.
  const twins = JSON.stringify(chatAnswer('yes')).replace('"role"', '"é":1,"e\u0301":2,"n":1e999,"role"');
  const bodies = [...SAYINGS.map((text) => JSON.stringify(chatAnswer(text))), lone, call, twins];
  await using provider = await startRawProvider(({ scenario, socket }) => {
    socket.write(http('200 OK', { body: bodies[Number(scenario.slice(1))]! }));
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const scenarios = bodies.length;
    const seen = await runHostile({
      ...{ cwd, url, scenarios, concurrency: 2, timeoutMs: 20_000, retries: 0 },
    });
    assert.equal(seen.code, 0, tail(seen.stderr));
    assert.equal(seen.records.length, scenarios);
    for (const { scenario, output } of seen.records) {
      const n = Number(scenario.slice(1));
      if (n < SAYINGS.length) assert.equal(output!.text, SAYINGS[n], 'kept as it was said');
      if (n === SAYINGS.length) assert.equal(output!.text, '\ufffd alone \ufffd');
      if (n === SAYINGS.length + 1) assert.match(JSON.stringify(output), /"__proto__":\{"polluted":1\}/);
    }
    const records = [...recordsByKey(cwd).values()].map(([line]) => JSON.parse(line!));
    for (const { scenario, key } of records) {
      const shown = await program(['show', String(key)], { cwd });
      assert.equal(shown.code, 0, `${scenario}: ${tail(shown.stderr)}`);
      assertText(shown.stdout + shown.stderr);
    }
    for (const command of [['history'], ['status'], ['fsck']]) {
      const { code, stdout, stderr } = await program(command, { cwd });
      assert.equal(code, 0, `${command}: ${tail(stderr)}`);
      assertText(stdout + stderr);
    }
  });
}

async function files(): Promise<void> {
  await withFolder(async (cwd) => {
    writeNames(cwd, ['a']);
    mkdirSync(path.join(cwd, 'loop'));
    symlinkSync(path.join(cwd, 'loop'), path.join(cwd, 'loop/loop'));
    symlinkSync('/', path.join(cwd, 'loop/root'));
    const manifest = path.join(cwd, 'experiment.yaml');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(
      manifest,
      text.replace('scenarios: [scenarios.jsonl]', 'scenarios: ["loop/**/*.jsonl", scenarios.jsonl]'),
    );
    const looped = await program(['plan'], { cwd });
    assert.notEqual(looped.code, null, 'it ends');
    assertText(looped.stdout + looped.stderr);
    const levels = Array.from({ length: 14 }, (_, i) => {
      const of = i === 0 ? '1' : `*b${i - 1}`;
      return `b${i}: &b${i} [${Array(10).fill(of).join(', ')}]`;
    });
    writeFileSync(manifest, `${text}x-bomb:\n${levels.map((line) => `  ${line}\n`).join('')}`);
    const bomb = await program(['plan'], { cwd });
    assert.equal(bomb.code, 2);
    assert.match(bomb.stderr, /experiment\.yaml:\d+:\d+ error/);
  });
}

const MANY = 100_000;

/** A plan of so many holds them all, and no more than a few kilobytes for each. */
async function manyScenarios(): Promise<void> {
  await withFolder(async (cwd) => {
    writeExperiment(cwd, { variants: 1, scenarios: MANY, runs: 1, concurrency: 8, sim: QUICK_SIM });
    const limited = await program(['plan', '--json'], {
      cwd,
      env: { NODE_OPTIONS: '--max-old-space-size=1024' },
    });
    assert.equal(limited.code, 0, tail(limited.stderr));
    assert.equal(JSON.parse(limited.stdout).pending, MANY);
  });
}

/** No control character but line ends and tabs, no half character, nothing that turns the reading direction. */
function assertText(printed: string): void {
  const found = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.exec(
    printed,
  );
  const around = found ? JSON.stringify(printed.slice(Math.max(0, found.index - 60), found.index + 20)) : '';
  assert.equal(found, null, `a terminal would act on it: ${around}`);
}
