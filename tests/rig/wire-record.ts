// What is really sent and handed for each place of a world, by the real executors, and the key of each: what is held
// against one another in tests/variants/key-is-the-wire.test.ts.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { asKey } from '../../src/core/brand.ts';
import { digestOf, sha256 } from '../../src/core/canonical.ts';
import { KEY_HEADERS } from '../../src/core/key-headers.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import type { Order } from '../../src/core/order.ts';
import type { JudgedOutput } from '../../src/core/scoring.ts';
import type { Executor } from '../../src/executor/executor.ts';
import { makeExecutor } from '../../src/executor/index.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { scoreKey } from '../../src/planner/score-key.ts';
import { orderOf } from '../../src/project/judge/score-orders.ts';
import type { Experiment } from '../../src/project/open/experiment.ts';
import { readyScorers } from '../../src/project/select/scorers.ts';
import { judgeWire } from '../../src/scoring/judges/judge-request.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { makeOrder } from '../../src/variants/request.ts';
import { realClock } from './model-calls.ts';
import { type World, writeWorld } from './wire-world.ts';

/** One variant or scorer on one scenario. */
export type Place = {
  /** `loop/0`, `scorer judge/1`: names of the first world, whatever they are changed to. */
  readonly place: string;
  readonly key: string;
  readonly wire: string;
};

export type Recorder = AsyncDisposable & {
  readonly url: string;
  /** Places in the order of the manifest. Throws the mistakes of a world that does not load. */
  places(world: World, folder: string): Promise<readonly Place[]>;
};

const ENV = { WIRE_KEY: 'k-secret', PATH: process.env.PATH ?? '' };
const NAMES = ['prompt', 'loop', 'responses', 'served', 'module', 'program', 'stream', 'tests'];
const SCORERS = ['says', 'autoevals', 'judge', 'own', 'told'];
const OUTPUT: JudgedOutput = {
  ...{ text: 'hello', finish_reason: 'stop' },
  tool_calls: [{ name: 'look_up', arguments: { word: 'w' } }],
};

export async function makeRecorder(): Promise<Recorder> {
  const server = await startServer();
  const executorIn = (folder: string): Promise<Executor> =>
    makeExecutor({
      ...{ workers: 0, capacity: 64, env: ENV, folder, clock: realClock },
      kinds: ['model', 'module', 'command', 'pytest', 'rule'],
    });
  /** An executor has its folder and is handed an order, and nothing else: the same order is the same wire. */
  const known = new Map<string, string>();
  const wireOf = async (
    order: Order,
    of: {
      readonly folder: string;
      readonly files: string;
      readonly executor: () => Promise<Executor>;
    },
  ) => {
    const id = sha256(JSON.stringify([{ ...order, key: '' }, of.files]));
    const found = known.get(id);
    if (found !== undefined) return found;
    const wire = `${of.files}\n${await record({ order, executor: await of.executor(), server, folder: of.folder })}`;
    known.set(id, wire);
    return wire;
  };
  return {
    url: `${server.origin}/v1`,
    async places(world, folder) {
      const loaded = await loadManifest({ file: writeWorld(folder, world), env: ENV });
      assert(
        loaded.kind === 'ok',
        JSON.stringify(loaded.kind === 'err' && loaded.error.map(({ message }) => message)),
      );
      const manifest = withSeen(loaded.value.manifest, world);
      const places: Place[] = [];
      let made: Promise<Executor> | null = null;
      // Most worlds differ little, and what is known needs nobody.
      const executor = (): Promise<Executor> => {
        made ??= executorIn(folder);
        return made;
      };
      try {
        for (const one of asked(manifest, folder)) {
          places.push({ ...one, wire: await wireOf(one.order, { folder, executor, files: one.files }) });
        }
      } finally {
        await (await (made as Promise<Executor> | null))?.[Symbol.asyncDispose]();
      }
      return places;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

function withSeen(manifest: Manifest, { seen }: World): Manifest {
  const variants = manifest.variants.map((one) =>
    one.mcp === null ? one : { ...one, mcp: { ...one.mcp, seen } },
  );
  return { ...manifest, variants };
}

type Asked = { readonly place: string; readonly key: string; readonly order: Order; readonly files: string };

function* asked(manifest: Manifest, folder: string): Generator<Asked> {
  const parts = fingerprint(manifest);
  for (const [v, variant] of manifest.variants.entries()) {
    const { variant: own, engine, scenarios } = parts[v]!;
    // A conversation is told by arms that hand it on; whoever is handed the scenario is handed either in one way.
    const told = v < 3 ? manifest.scenarios : manifest.scenarios.slice(0, 1);
    for (const [s, scenario] of told.entries()) {
      const digests = { variant: own.digest, engine: engine.digest, scenario: scenarios[s]!.digest };
      const key = sampleKey(digests, 1);
      const provider = manifest.providers[variant.provider]!;
      const order = makeOrder({
        ...{ variant, provider, scenario, run: 1, key, attempt: 1 },
        timeoutMs: manifest.execution.timeoutMs,
      });
      const declared = [...manifest.inputs, ...manifest.prepare.flatMap(({ made }) => made)];
      const code = variant.harness ?? variant.mcp;
      const files = filesText(folder, [
        ...declared.map((file) => ({ shown: file.path, at: file.path })),
        ...codeFiles(code, folder),
      ]);
      yield { place: `${NAMES[v]}/${s}`, key, order, files };
    }
  }
  yield* scores(manifest, folder);
}

function* scores(manifest: Manifest, folder: string): Generator<Asked> {
  const scenarioIndex = new Map(manifest.scenarios.map(({ id }, i) => [id, i]));
  const variants = new Map(manifest.variants.map((variant) => [variant.name, { variant }]));
  const experiment = { manifest, scenarioIndex, variants } as unknown as Experiment;
  const output = { output: OUTPUT, tested: null, came: new Map(), problem: null };
  // The outcome of tests asks nobody: what it is handed stands in the record, and tests/scoring/outcome.test.ts holds its key to that.
  const asking = readyScorers(experiment).filter(({ scorer }) => scorer.kind !== 'outcome');
  for (const [n, ready] of asking.entries()) {
    const told = ready.scorer.kind === 'judge' ? manifest.scenarios : manifest.scenarios.slice(0, 1);
    for (const [s, scenario] of told.entries()) {
      const { scorer, part, engine } = ready;
      const variant = manifest.variants[0]!.name;
      const expectation = ready.expectation({ variant, scenario: scenario.id });
      if (expectation === null) continue;
      const digests = { variant: part.digest, engine: engine.digest, scenario: expectation.part.digest };
      const key = scoreKey({ parts: digests, output: digestOf(OUTPUT), vote: 1 });
      const provider = scorer.kind === 'judge' ? manifest.providers[scorer.provider]! : null;
      const task = { scenario: scenario.id, variant, run: 1, vote: 1 } as never;
      const asked = orderOf({
        experiment,
        scorer,
        expectation,
        output,
        task,
        done: [],
        wire: provider === null ? 'chat' : judgeWire(provider),
      });
      const order: Order = {
        ...{ key: asKey(key), cell: { variant, scenario: scenario.id, run: 1 }, attempt: 1 },
        timeoutMs: manifest.execution.timeoutMs,
        endpoint: {
          ...{
            type: provider?.type ?? 'none',
            baseUrl: provider?.baseUrl ?? null,
            api: provider?.api ?? 'chat',
          },
          ...{ apiKeyEnv: provider?.apiKeyEnv ?? null, headers: provider?.headers ?? {} },
        },
        ...asked,
      };
      const harness = scorer.kind === 'code' || scorer.kind === 'command' ? scorer.harness : null;
      yield {
        place: `scorer ${SCORERS[n]}/${s}`,
        key,
        order,
        files: filesText(folder, codeFiles(harness, folder)),
      };
    }
  }
}

type Shown = { readonly shown: string; readonly at: string };

/** The files of code, found on the disk: of a module by the way from its own folder, of a program from the manifest's. */
function codeFiles(
  of: {
    readonly kind?: string;
    readonly file?: string;
    readonly code: { readonly files: readonly { readonly path: string }[] };
  } | null,
  folder: string,
): readonly Shown[] {
  if (of === null) return [];
  const files = of.code.files.map((file) => file.path);
  if (of.kind !== 'module') return files.map((at) => ({ shown: at, at }));
  const from = path.dirname(of.file!);
  return [
    { shown: `entry ${path.basename(of.file!)}`, at: of.file! },
    ...files.map((at) => ({ shown: path.relative(path.join(folder, from), path.join(folder, at)), at })),
  ];
}

function filesText(folder: string, files: readonly Shown[]): string {
  const lines = files.map(({ shown, at }) => `${shown} ${sha256(readFileSync(path.join(folder, at)))}`);
  return [...new Set(lines)].sort().join('\n');
}

/** Transport: which try it is, how long it may take, the name of a key's variable, whether the way is encrypted. */
const TRANSPORT =
  /"(?:attempt|timeout_ms|api_key_env)":(?:[0-9]+|"[^"]*"|null),?|^\{"id":"[0-9]+",|(?<="base_url":")https?:\/\//gm;

async function record(of: {
  readonly order: Order;
  readonly executor: Executor;
  readonly server: Server;
  readonly folder: string;
}): Promise<string> {
  const { order, executor, server, folder } = of;
  const handed = path.join(folder, 'handed.txt');
  rmSync(handed, { force: true });
  // A rule asks nobody: it is handed its check, in which neither order nor accents matter to it.
  if (order.score?.check && order.score.check.kind !== 'autoevals') {
    return digestOf([order.score.kind, order.score.check as never]);
  }
  if (order.score?.check) return JSON.stringify(order.score.check);
  // A way of its own to the server, so that worlds can be recorded side by side.
  const tag = `/order-${++orders}`;
  const { endpoint } = order;
  const baseUrl = endpoint.baseUrl?.replace(server.origin, server.origin + tag) ?? null;
  const outcome = await executor.execute({ ...order, endpoint: { ...endpoint, baseUrl } });
  const told = outcome.kind === 'success' && order.work?.harness.kind === 'module' ? toldBy(outcome) : '';
  const text = existsSync(handed) ? readFileSync(handed, 'utf8') : '';
  const wire = `${server.take(tag).join('\n')}\n${told}\n${text.replaceAll(folder, '<folder>')}`;
  return wire.replaceAll(tag, '').replaceAll(TRANSPORT, '');
}

function toldBy(outcome: Extract<Awaited<ReturnType<Executor['execute']>>, { kind: 'success' }>): string {
  const { text, verdict } = outcome.completion;
  return verdict ? String(verdict.details?.told) : text;
}

let orders = 0;

type Server = {
  readonly origin: string;
  /** Requests that came by one way. */
  take(tag: string): readonly string[];
  close(): Promise<void>;
};

/** Calls every tool that is offered, twice, then says something. */
async function startServer(): Promise<Server> {
  const taken = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const headers = Object.entries(request.headers).filter(
        ([name]) => KEY_HEADERS.includes(name) || name === 'x-lane' || name === 'host',
      );
      const tag = `/${request.url!.split('/')[1]}`;
      taken.set(tag, [...(taken.get(tag) ?? []), JSON.stringify([request.url, headers.sort(), text])]);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(JSON.parse(text) as never)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take(tag) {
      const all = taken.get(tag) ?? [];
      taken.delete(tag);
      return all;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const ARGUMENTS = '{"word":"w"}';

function answerTo(body: {
  readonly messages?: readonly { readonly role: string }[];
  readonly tools?: readonly { readonly function?: { readonly name: string } }[];
}): object {
  const usage = {
    prompt_tokens: 1,
    completion_tokens: 1,
    total_tokens: 2,
    input_tokens: 1,
    output_tokens: 1,
  };
  const told = body.messages?.filter(({ role }) => role === 'assistant' || role === 'tool') ?? [];
  if (body.messages === undefined) {
    const content = [{ type: 'output_text', text: 'hello' }];
    return { status: 'completed', output: [{ type: 'message', role: 'assistant', content }], usage };
  }
  const turn = told.filter((message) => 'tool_calls' in message).length;
  const names = (body.tools ?? []).map((tool) => tool.function!.name);
  const calls = names.map((name, i) => ({
    id: `c${turn}-${i}`,
    type: 'function',
    function: { name, arguments: ARGUMENTS },
  }));
  const text = '{"score": 1, "label": "good", "reason": "r"}';
  const message = turn < 2 && calls.length > 0 ? { content: null, tool_calls: calls } : { content: text };
  return {
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
    usage,
    model: 'm',
  };
}
