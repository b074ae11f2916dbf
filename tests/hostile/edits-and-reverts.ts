// Code, programs, scorers and inputs edited while somebody is at work with them, and put back before the answer comes. What
// is at work asks the row, which holds it: the edit comes exactly while it is under way.
import assert from 'node:assert/strict';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as aWhile } from 'node:timers/promises';
import type { RunSummary } from '../../src/core/summary.ts';
import { editFile, filesBelow, jsonLines, tail, writeFiles } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';

const SCENARIOS = 3;

type Kind = {
  readonly name: string;
  /** Of arm a, by what it is made of; of all arms. */
  readonly edited: string;
  readonly concerns: 'a' | 'all';
  readonly asks: 'draws' | 'scores';
  readonly files: (url: string) => { readonly [name: string]: string };
  readonly manifest: readonly string[];
};

const ask = (url: string, arm: string): string =>
  `const ask = () => fetch(${JSON.stringify(url)}, { method: 'POST', body: JSON.stringify({ arm: '${arm}', pid: process.pid }) }).then((r) => r.text());`;

const both = (make: (arm: string) => { readonly [name: string]: string }) => ({ ...make('a'), ...make('b') });

const part = (arm: string, ending: string) => ({
  [`${arm}-part.${ending}`]: `export default '${arm} as planned';\n`,
});

const ownCode = (url: string) =>
  both((arm) => ({
    ...part(arm, 'mjs'),
    [`${arm}.mjs`]: `import part from './${arm}-part.mjs';\n${ask(url, arm)}\nexport default { run: async () => { await ask(); return part; } };`,
  }));

const onceProgram = (url: string) =>
  both((arm) => ({
    ...part(arm, 'mjs'),
    [`${arm}.mjs`]: `import part from './${arm}-part.mjs';\n${ask(url, arm)}\nawait ask();\nconsole.log(JSON.stringify(part));`,
  }));

const stream = (url: string) =>
  both((arm) => ({
    ...part(arm, 'mjs'),
    [`${arm}.mjs`]: `import readline from 'node:readline';\nimport part from './${arm}-part.mjs';\n${ask(url, arm)}
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id } = JSON.parse(line);
  await ask();
  console.log(JSON.stringify({ id, result: { text: part } }));
}`,
  }));

const scorer = (url: string) => ({
  'v.mjs': 'export default { run: ({ scenario }) => scenario.id };',
  ...both((arm) => ({
    ...part(arm, 'mjs'),
    [`${arm}.mjs`]: `import part from './${arm}-part.mjs';\n${ask(url, arm)}\nexport default { score: async () => { await ask(); return { score: 1, reason: part }; } };`,
  })),
});

const scoringProgram = (url: string) => ({
  'v.mjs': 'export default { run: ({ scenario }) => scenario.id };',
  ...both((arm) => ({
    ...part(arm, 'mjs'),
    [`${arm}.mjs`]: `import part from './${arm}-part.mjs';\n${ask(url, arm)}\nawait ask();\nconsole.log(JSON.stringify({ score: 1, reason: part }));`,
  })),
});

const DRAWS = { asks: 'draws', concerns: 'a', edited: 'a-part.mjs' } as const;
const SCORES = { asks: 'scores', concerns: 'a', edited: 'a-part.mjs' } as const;

const KINDS: readonly Kind[] = [
  {
    ...DRAWS,
    name: 'own code',
    files: ownCode,
    manifest: ['variants: { a: { use: ./a.mjs }, b: { use: ./b.mjs } }'],
  },
  {
    ...{ ...DRAWS, name: 'a program', files: onceProgram },
    manifest: ['variants: { a: { command: [node, a.mjs] }, b: { command: [node, b.mjs] } }'],
  },
  {
    ...{ ...DRAWS, name: 'a program that stays', files: stream },
    manifest: [
      'variants:',
      '  a: { command: [node, a.mjs], protocol: stream, processes: 2 }',
      '  b: { command: [node, b.mjs], protocol: stream, processes: 2 }',
    ],
  },
  {
    ...{ ...DRAWS, name: 'an input', concerns: 'all', edited: 'shared.txt' },
    files: (url) => ({ ...ownCode(url), 'shared.txt': 'as planned' }),
    manifest: ['inputs: [shared.txt]', 'variants: { a: { use: ./a.mjs }, b: { use: ./b.mjs } }'],
  },
  {
    ...{ ...SCORES, name: 'a scorer', files: scorer },
    manifest: [
      'variants: { v: { use: ./v.mjs } }',
      'scorers: [{ use: ./a.mjs, name: a }, { use: ./b.mjs, name: b }]',
    ],
  },
  {
    ...{ ...SCORES, name: 'a program that scores', files: scoringProgram },
    manifest: [
      'variants: { v: { use: ./v.mjs } }',
      'scorers: [{ command: [node, a.mjs], name: a }, { command: [node, b.mjs], name: b }]',
    ],
  },
];

/** stays: the edit is left. reverts: the bytes are put back. hides: the times of the file as well. */
type Edit = 'stays' | 'reverts' | 'hides';

export const row: Row = {
  name: 'edits-and-reverts',
  how: 'own code, programs, scorers and inputs are edited while somebody is at work with them: the edit stays, is taken back before the answer comes, or is taken back with the times of the file; a module is edited just before it is loaded and put back just after; what is expected is edited while it is scored',
  holds:
    'every answer and every score that was under way is kept and satisfies nothing; an edit that stays leaves its own arm, the others go on to their end; after one that was taken back nobody goes on with what he had loaded; a score is of what was expected when it was asked for, and a warning names what moved; the next run makes exactly what is missing',
  full: 10,
  unit: 'rounds',
  seconds: 150,
  async run({ count, random, isOver }) {
    let tried = 0;
    let edits = 0;
    for (; tried < count && !isOver(); tried++) {
      for (const [n, kind] of KINDS.entries()) {
        // Taken back in one way and the other, in turns.
        for (const edit of ['stays', (tried + n) % 2 === 0 ? 'reverts' : 'hides'] as const) {
          await edited({ kind, edit, answered: Math.floor(random() * 3) });
          edits++;
        }
        if (isOver()) break;
      }
      await loadedInBetween();
      await expectationEdited();
      edits += 2;
    }
    return { tried, seen: `${edits} edits` };
  },
};

function write(folder: string, kind: Pick<Kind, 'files' | 'manifest'>, url: string): void {
  writeFiles(folder, {
    ...kind.files(url),
    'scenarios.jsonl': Array.from({ length: SCENARIOS }, (_, i) =>
      JSON.stringify({ id: `s${i}`, input: `say ${i}`, expect: `is ${i}` }),
    ).join('\n'),
    'experiment.yaml': [
      ...['version: 1', 'name: small', 'scenarios: [scenarios.jsonl]'],
      ...kind.manifest,
      ...['execution: { concurrency: 2, workers: 0 }', ''],
    ].join('\n'),
  });
}

/** Other bytes of the same length, and back again. */
function makeEdit(file: string): { readonly begin: () => void; readonly end: (edit: Edit) => void } {
  const text = readFileSync(file, 'utf8');
  const { atime, mtime } = statSync(file);
  return {
    begin: () => writeFileSync(file, text.replace('planned', 'changed')),
    end(edit) {
      if (edit === 'stays') return;
      writeFileSync(file, text);
      if (edit === 'hides') utimesSync(file, atime, mtime);
    },
  };
}

async function edited(at: {
  readonly kind: Kind;
  readonly edit: Edit;
  readonly answered: number;
}): Promise<void> {
  const { kind, edit } = at;
  const name = `${kind.name}, ${edit}`;
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    write(cwd, kind, server.url);
    const { ended } = startProgram(['run', '--json'], { cwd });
    const held = await holdTwo(server, kind.concerns, at.answered);
    // What was answered before is kept by now: nobody looks at the files between the edit and its end.
    while (keptOf(cwd, kind.asks) < server.requests.length - held.length) await aWhile(10);
    const { begin, end } = makeEdit(path.join(cwd, kind.edited));
    begin();
    end(edit);
    const isMeant = ({ body }: HeldRequest): boolean => kind.concerns === 'all' || body.arm === 'a';
    const before = server.requests.length;
    const inside = held.filter(isMeant).length;
    for (const one of held) one.answer('go on');
    void answerAll(server);
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 1, `${name}: ${tail(stderr)}`);
    const later = server.requests.slice(before);
    const summary = JSON.parse(stdout) as RunSummary;
    const records = recordsOf(cwd, kind.asks);
    const failed = records.filter(({ status }) => status === 'failed');
    assert.equal(failed.length, inside, `${name}: what was under way satisfies nothing`);
    for (const { attempts } of failed) {
      assert.equal(attempts.at(-1).error.kind, 'inputs-changed', name);
      assert.ok(attempts.at(-1).error.message.includes(kind.edited), name);
    }
    assert.equal(records.length, server.requests.length, `${name}: every answer is kept`);
    const of = kind.asks === 'draws' ? summary : summary.scores!;
    const all = SCENARIOS * 2;
    if (edit === 'stays') {
      assert.equal(later.filter(isMeant).length, 0, `${name}: nothing more of it is begun`);
      assert.equal(of.how, 'halted', name);
      assert.ok(of.why!.includes(`${kind.edited} (`), `${name}: ${of.why}`);
      const others = server.requests.filter((one) => !isMeant(one)).length;
      assert.equal(others, kind.concerns === 'all' ? 0 : SCENARIOS, `${name}: the other arm goes on`);
    } else {
      assert.equal(records.length, all, `${name}: all others are made`);
      const pids = new Set(held.filter(isMeant).map(({ body }) => body.pid));
      if (kind.name.startsWith('a program'))
        assert.ok(
          !later.some((one) => isMeant(one) && pids.has(one.body.pid)),
          `${name}: it is not gone on with`,
        );
    }
    const again = await program(['run', '--json'], { cwd });
    assert.equal(again.code, 0, `${name}: ${tail(again.stderr)}`);
    const second = JSON.parse(again.stdout) as RunSummary;
    const missing = edit === 'stays' ? (kind.concerns === 'all' ? all : SCENARIOS) : inside;
    assert.equal(
      (kind.asks === 'draws' ? second : second.scores!).executed,
      missing,
      `${name}: the next run`,
    );
    if (edit !== 'stays') return;
    const newest = recordsOf(cwd, kind.asks).filter(({ status }) => status === 'completed');
    for (const record of newest.slice(-missing)) {
      const said = kind.asks === 'draws' ? record.output.text : record.reason;
      if (kind.concerns === 'a') assert.equal(said, 'a as changed', name);
    }
  });
}

/** Two are at work, one at least of those that the edit is about; `answered` were done before. */
async function holdTwo(
  server: ModelServer,
  concerns: Kind['concerns'],
  answered: number,
): Promise<readonly HeldRequest[]> {
  const held = [await server.next(), await server.next()];
  const isEnough = (): boolean => concerns === 'all' || held.some(({ body }) => body.arm === 'a');
  for (let done = 0; done < answered || !isEnough(); done++) {
    // One of arm a is kept where there is one: it has no more than three.
    const free = held.findIndex(({ body }) => body.arm !== 'a');
    const [one] = held.splice(free === -1 ? 0 : free, 1);
    one!.answer('go on');
    held.push(await server.next());
  }
  return held;
}

async function answerAll(server: ModelServer): Promise<void> {
  for (;;) (await server.next()).answer('go on');
}

/** The one whose module is loaded late has only ever had the other bytes. */
async function loadedInBetween(): Promise<void> {
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    const files = (url: string) => ({
      ...part('a', 'mjs'),
      'a.mjs': `${ask(url, 'a')}\nexport default { run: async () => { await ask(); const { default: part } = await import('./a-part.mjs'); await ask(); return part; } };`,
    });
    write(cwd, { files, manifest: ['variants: { a: { use: ./a.mjs } }'] }, server.url);
    const { ended } = startProgram(['run', '--json', '--scenario', 's0'], { cwd });
    const first = await server.next();
    const { begin, end } = makeEdit(path.join(cwd, 'a-part.mjs'));
    begin();
    first.answer('go on');
    const second = await server.next();
    end('hides');
    second.answer('go on');
    const { code, stderr } = await ended;
    assert.equal(code, 1, tail(stderr));
    const [record, ...others] = recordsOf(cwd, 'draws');
    assert.equal(others.length, 0);
    assert.equal(record.output.text, 'a as changed', 'what it answered is kept');
    assert.equal(record.status, 'failed', 'and satisfies nothing');
    assert.equal(record.attempts.at(-1).error.kind, 'inputs-changed');
  });
}

/** What is expected travels with what is asked: the score is of what was expected then, and the next run makes another. */
async function expectationEdited(): Promise<void> {
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    const scorers = 'scorers: [{ use: ./a.mjs, name: a }]';
    write(cwd, { files: scorer, manifest: ['variants: { v: { use: ./v.mjs } }', scorers] }, server.url);
    const { ended } = startProgram(['run', '--json'], { cwd });
    const first = await server.next();
    editFile(path.join(cwd, 'scenarios.jsonl'), (text) => text.replace('"is 1"', '"is another"'));
    first.answer('go on');
    void answerAll(server);
    const { code, stderr } = await ended;
    assert.equal(code, 0, tail(stderr));
    assert.match(stderr, /was edited: what scenario s1 expects/);
    const again = await program(['run', '--json'], { cwd });
    const { executed, scores } = JSON.parse(again.stdout) as RunSummary;
    assert.deepEqual([executed, scores?.executed], [0, 1]);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: records are looked at piece by piece
type Any = any;

/** Every record in the order of its writing. */
/** While the program writes, the last line may be a half one. */
function keptOf(folder: string, what: Kind['asks']): number {
  try {
    return recordsOf(folder, what).length;
  } catch {
    return 0;
  }
}

function recordsOf(folder: string, what: Kind['asks']): readonly Any[] {
  const root = path.join(folder, 'artifacts/small', what === 'draws' ? 'history' : 'scores/history');
  return filesBelow(root)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => jsonLines(path.join(root, name)) as readonly Any[])
    .filter(({ type }) => type === (what === 'draws' ? 'scenario_result' : 'score'));
}
