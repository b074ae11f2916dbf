// An experiment whose every kind of work asks one server that counts, and the ways in which its run is ended from outside:
// what was answered, whoever asked for it, is asked for once.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { appears, isGone } from './appears.ts';
import { tail, writeFiles } from './files.ts';
import { withFolder } from './folder.ts';
import { chatAnswer } from './model-calls.ts';
import { CLI, NODE, program, startProgram } from './program.ts';
import { BRIDGE } from './pty-bridge.ts';
import { PYTHON_WITH_PYTEST } from './python.ts';
import { recordsByKey } from './small-experiment.ts';

/** How somebody ends a run who is not asked. */
export type Way = {
  readonly name: string;
  /** Starts a run, ends it after `moment`, and resolves when its process is gone. */
  readonly end: (at: { readonly cwd: string; readonly moment: Promise<void> }) => Promise<void>;
  /** Work that the way itself ends, whatever the program does: what had no answer in hand then is asked for again. */
  readonly mayLose?: readonly Kind[];
};

type Kind = 'asked' | 'own' | 'program' | 'tested';

export type Counted = { ends: number; answers: number; inFlight: number };

const SCENARIOS = 30;
const LATENCY_MS = { least: 50, more: 300 };
/** From the first request of a run on. */
const WITHIN_MS = 4_000;
const ENV = { OPENAI_API_KEY: 'sk-test' };

const OWN = `export default {
  async run({ client, model, messages }) {
    const { choices } = await client.chat.completions.create({ model, messages });
    return { text: choices[0].message.content };
  },
};
`;
/** Who has its answer in hand says so in a file, and is not to be ended any more before it has told it. */
const ASK = `import json, os, signal, urllib.request
MORTAL = signal.getsignal(signal.SIGTERM)
def in_hand(kind, words):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.makedirs('TOLD', exist_ok=True)
    open(os.path.join('TOLD', f'{kind} {words}'), 'w').close()
def ask(kind, words):
    body = {'model': 'm', 'messages': [{'role': 'system', 'content': kind}, {'role': 'user', 'content': words}]}
    request = urllib.request.Request('URL/chat/completions', json.dumps(body).encode(), {'content-type': 'application/json'})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        text = json.load(answer)['choices'][0]['message']['content']
    in_hand(kind, words)
    return text
`;
const PROGRAM = `${ASK}
import sys
print(json.dumps({'text': ask('program', json.loads(sys.stdin.readline())['scenario']['input'])}))
`;
const TESTS = `${ASK}
import pytest
@pytest.mark.parametrize('case', [f's{n}' for n in range(${SCENARIOS})])
@pytest.mark.parametrize('variant', ['tested'])
def test_it(variant, case, expgraph):
    signal.signal(signal.SIGTERM, MORTAL)
    expgraph.record(ask('tested', f'say {case}'))
`;

function files(url: string, told: string): { readonly [name: string]: string } {
  const tested =
    PYTHON_WITH_PYTEST === null
      ? ''
      : `  tested: { pytest: { path: test_it.py, python: ${PYTHON_WITH_PYTEST} } }\n`;
  const ids = Array.from({ length: SCENARIOS }, (_, i) => `s${i}`);
  const asking = (text: string): string => text.replace('URL', url).replaceAll('TOLD', told);
  return {
    'experiment.yaml': `version: 1
name: small
provider: held
model: m
scenarios: [scenarios.jsonl]
providers: { held: { type: openai, base_url: "${url}" } }
variants:
  asked: { system: asked }
  own: { system: own, use: ./own.ts }
  program: { command: [python3, program.py] }
${tested}execution: { concurrency: 6, workers: 1, timeout: 20s }
`,
    'scenarios.jsonl': `${ids.map((id) => JSON.stringify({ id, input: `say ${id}` })).join('\n')}\n`,
    'own.ts': OWN,
    'program.py': asking(PROGRAM),
    'test_it.py': asking(TESTS),
  };
}

/** Ends runs of one experiment, one after the other, for as long as it may; then it is run to its end, and counted. */
export async function endOneExperiment(of: {
  readonly ways: readonly Way[];
  readonly random: () => number;
  readonly counted: Counted;
  readonly mayEnd: () => boolean;
}): Promise<void> {
  const { random, counted } = of;
  await using server = await startServer(random);
  /** How often each cell may have been asked for once more: its work was ended from outside before it had an answer. */
  const ended = new Map<string, number>();
  await withFolder(async (cwd) => {
    const inHand = path.join(cwd, 'in-hand');
    writeFiles(cwd, files(server.url, inHand));
    while (of.mayEnd()) {
      const way = of.ways[counted.ends % of.ways.length]!;
      counted.ends++;
      const first = server.nextAsked();
      const delayMs = random() * WITHIN_MS;
      const moment = first.then(() => new Promise<void>((resolve) => setTimeout(resolve, delayMs)));
      const told = moment.then(() => {
        counted.inFlight += server.inFlight();
      });
      await way.end({ cwd, moment: told });
      for (const kind of way.mayLose ?? [])
        for (const cell of server.begun())
          if (cell.startsWith(`${kind} `) && !existsSync(path.join(inHand, cell)))
            ended.set(cell, (ended.get(cell) ?? 0) + 1);
      if (isComplete(cwd)) break;
    }
    const rest = await program(['run'], { cwd, env: ENV });
    assert.equal(rest.code, 0, tail(rest.stderr));
    counted.answers += checkEach(cwd, { asked: server.asked(), ended });
  });
}

type Line = {
  readonly status: string;
  readonly variant: Kind;
  readonly scenario: string;
  readonly attempts: readonly unknown[];
};

/** @returns answers */
function checkEach(
  cwd: string,
  of: { readonly asked: ReadonlyMap<string, number>; readonly ended: ReadonlyMap<string, number> },
): number {
  const records = [...recordsByKey(cwd).values()].map((lines) => JSON.parse(lines.at(-1)!) as Line);
  assert.equal(records.length, SCENARIOS * (PYTHON_WITH_PYTEST === null ? 3 : 4));
  for (const { status, variant, scenario, attempts } of records) {
    assert.equal(status, 'completed');
    const cell = `${variant} say ${scenario}`;
    const times = of.asked.get(cell) ?? 0;
    const more = of.ended.get(cell) ?? 0;
    const isKept = times >= 1 && times <= 1 + more;
    assert.ok(isKept, `${cell} was answered ${times} times, ended ${more} times: a paid answer was lost`);
    if (more > 0) continue;
    assert.equal(attempts.length, 1, `${cell}: ${JSON.stringify(attempts)}`);
  }
  return records.length;
}

function isComplete(cwd: string): boolean {
  return recordsByKey(cwd).size === SCENARIOS * (PYTHON_WITH_PYTEST === null ? 3 : 4);
}

/** The window is closed, or the connection of ssh is gone: the terminal goes, with all that it tells whom. */
export const CLOSED_TERMINAL: Way = {
  name: 'a terminal is closed',
  async end({ cwd, moment }) {
    const pidFile = path.join(cwd, 'pid');
    rmSync(pidFile, { force: true });
    const through = ['sh', '-c', 'echo $$ > pid; exec "$@"', 'sh', NODE, CLI, 'run'];
    const bridge = spawn('python3', ['-c', BRIDGE, ...through], {
      cwd,
      env: { ...inherited(cwd), ...ENV, TERM: 'xterm-256color' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const pid = Number(await appears(pidFile));
    await Promise.race([moment, gone(pid)]);
    bridge.kill('SIGKILL');
    await gone(pid);
  },
};

export const OTHER_WAYS: readonly Way[] = [
  signalled('docker stop', async (child) => void child.kill('SIGTERM')),
  {
    ...signalled('systemd stops a service', async ({ pid }) => {
      for (const one of [pid!, ...descendants(pid!)]) signal(one, 'SIGTERM');
    }),
    // They are told as well, and end, if they have nothing to tell.
    mayLose: ['program', 'tested'],
  },
  signalled('a job of CI is cancelled', async (child, isOver) => {
    child.kill('SIGINT');
    await within(7_500, isOver);
    child.kill('SIGTERM');
    await within(2_500, isOver);
    child.kill('SIGKILL');
  }),
  signalled('Ctrl-C under npx, which hands it on', async (child) => {
    child.kill('SIGINT');
    child.kill('SIGINT');
  }),
  {
    name: 'its parent is killed',
    async end({ cwd, moment }) {
      rmSync(path.join(cwd, 'pid'), { force: true });
      const through = ['sh', '-c', '"$@" & echo $! > pid; wait', 'sh'];
      const { child } = startProgram(['run'], { cwd, env: ENV, through });
      const pid = Number(await appears(path.join(cwd, 'pid')));
      await Promise.race([moment, gone(pid)]);
      child.kill('SIGKILL');
      child.stdout!.destroy();
      child.stderr!.destroy();
      await gone(pid);
    },
  },
  {
    name: 'docker stop of a container whose first process it is',
    async end({ cwd, moment }) {
      if (!HAS_NAMESPACES) return;
      const through = ['unshare', '--pid', '--fork', '--kill-child'];
      const { child, ended } = startProgram(['run'], { cwd, env: ENV, through });
      await Promise.race([moment, ended]);
      for (const one of descendants(child.pid!).slice(0, 1)) signal(one, 'SIGTERM');
      await ended;
    },
  },
];

/** Whether a process may be the first one of a namespace of its own here. */
const HAS_NAMESPACES = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

function signalled(
  name: string,
  send: (child: ReturnType<typeof startProgram>['child'], isOver: Promise<unknown>) => Promise<void>,
): Way {
  return {
    name,
    async end({ cwd, moment }) {
      const { child, ended } = startProgram(['run'], { cwd, env: ENV });
      await Promise.race([moment, ended]);
      await send(child, ended);
      await ended;
    },
  };
}

function inherited(cwd: string): { readonly [name: string]: string | undefined } {
  return { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8' };
}

/** Children first started, first. */
function descendants(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (one: number): readonly number[] =>
    pairs.flatMap(([child, parent]) => (parent === one ? [child!, ...below(child!)] : []));
  return below(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}

async function within(ms: number, isOver: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([isOver, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

async function gone(pid: number): Promise<void> {
  while (!isGone(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

type Server = AsyncDisposable & {
  readonly url: string;
  /** How often each cell was answered: `own say s3`. */
  readonly asked: () => ReadonlyMap<string, number>;
  /** What was asked for, answered or not. */
  readonly begun: () => ReadonlySet<string>;
  readonly inFlight: () => number;
  /** Resolves at the next request. */
  readonly nextAsked: () => Promise<void>;
};

/** Answers whatever becomes of whoever asked: it has charged for it. */
async function startServer(random: () => number): Promise<Server> {
  const asked = new Map<string, number>();
  const begun = new Set<string>();
  let inFlight = 0;
  let next = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { messages } = JSON.parse(text) as { readonly messages: readonly { readonly content: string }[] };
      const cell = `${messages[0]!.content} ${messages.at(-1)!.content}`;
      inFlight++;
      begun.add(cell);
      next.resolve();
      setTimeout(
        () => {
          inFlight--;
          asked.set(cell, (asked.get(cell) ?? 0) + 1);
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(chatAnswer(cell)));
        },
        LATENCY_MS.least + random() * LATENCY_MS.more,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: () => asked,
    begun: () => begun,
    inFlight: () => inFlight,
    nextAsked() {
      next = Promise.withResolvers<void>();
      return next.promise;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
