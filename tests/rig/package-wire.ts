// What is really sent for each place of an experiment whose models are asked by a package, by the real executor and the true
// package, and the key of each. The Anthropic wire is played by a server that calls every tool that it is offered, once.
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { asKey } from '../../src/core/brand.ts';
import { digestOf } from '../../src/core/canonical.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { KEY_HEADERS } from '../../src/core/key-headers.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import type { Order } from '../../src/core/order.ts';
import { makeRedact } from '../../src/core/redact.ts';
import { makeExecutor } from '../../src/executor/index.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { scoreKey } from '../../src/planner/score-key.ts';
import { orderOf } from '../../src/project/judge/score-orders.ts';
import type { Experiment } from '../../src/project/open/experiment.ts';
import { buildFrames } from '../../src/project/open/frames.ts';
import { readyScorers } from '../../src/project/select/scorers.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { endpointOf, makeOrder } from '../../src/variants/request.ts';
import { writeFiles } from './files.ts';
import { realClock } from './model-calls.ts';
import type { Loose } from './wire-world.ts';

export type PackageWorld = { readonly manifest: Loose; readonly scenarios: Loose[] };

export type PackagePlace = { readonly place: string; readonly key: string; readonly wire: string };

const ENV = { WIRE_KEY: 'k-secret-1234', PATH: process.env.PATH ?? '' };
const PACKAGES = path.join(import.meta.dirname, '../../node_modules');
const OUTPUT = { text: 'hello', finish_reason: 'stop', tool_calls: [] };

export type PackageRecorder = AsyncDisposable & {
  readonly url: string;
  places(world: PackageWorld, folder: string): Promise<readonly PackagePlace[]>;
};

export async function makePackageRecorder(): Promise<PackageRecorder> {
  const taken = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, tag = '', ...way] = request.url!.split('/');
      const text = Buffer.concat(chunks).toString('utf8');
      const headers = Object.entries(request.headers).filter(([name]) => KEY_HEADERS.includes(name));
      taken.set(tag, [...(taken.get(tag) ?? []), JSON.stringify([way, headers.sort(), text])]);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(JSON.parse(text) as never)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let orders = 0;
  return {
    url: `${origin}/v1`,
    async places(world, folder) {
      const manifest = await framed(world, folder);
      await using executor = await makeExecutor({
        ...{ workers: 0, capacity: 64, env: ENV, folder, clock: realClock, kinds: ['model'] },
      });
      const places: PackagePlace[] = [];
      for (const { place, key, order } of asked(manifest)) {
        const tag = `order-${++orders}`;
        const { endpoint } = order;
        const baseUrl = endpoint.baseUrl!.replace(origin, `${origin}/${tag}`);
        await executor.execute({ ...order, endpoint: { ...endpoint, baseUrl } });
        places.push({ place, key, wire: (taken.get(tag) ?? []).join('\n').replaceAll(tag, '') });
        taken.delete(tag);
      }
      return places;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What it changes is no mistake here: it is sent all the same. */
async function framed({ manifest, scenarios }: PackageWorld, folder: string): Promise<Manifest> {
  writeFiles(folder, {
    'experiment.json': JSON.stringify(manifest),
    'scenarios.json': JSON.stringify(scenarios),
  });
  symlinkSync(PACKAGES, path.join(folder, 'node_modules'), 'dir');
  const loaded = await loadManifest({ file: path.join(folder, 'experiment.json'), env: ENV });
  assert(loaded.kind === 'ok', JSON.stringify(loaded));
  const { places } = loaded.value;
  const input = { io: { env: ENV }, root: path.join(folder, 'kept'), redact: makeRedact([]), places };
  return (await buildFrames(loaded.value.manifest, { ...input, folder: 'leave' })).manifest;
}

type Asked = { readonly place: string; readonly key: string; readonly order: Order };

function* asked(manifest: Manifest): Generator<Asked> {
  const parts = fingerprint(manifest);
  for (const [v, variant] of manifest.variants.entries()) {
    const { variant: own, engine, scenarios } = parts[v]!;
    for (const [s, scenario] of manifest.scenarios.entries()) {
      const key = sampleKey(
        { variant: own.digest, engine: engine.digest, scenario: scenarios[s]!.digest },
        1,
      );
      const provider = manifest.providers[variant.provider]!;
      const order = makeOrder({
        ...{ variant, provider, scenario, run: 1, key, attempt: 1, timeoutMs: 30_000 },
      });
      yield { place: `${v}/${s}`, key, order };
    }
  }
  const scenarioIndex = new Map(manifest.scenarios.map(({ id }, i) => [id, i]));
  const variants = new Map(manifest.variants.map((variant) => [variant.name, { variant }]));
  const experiment = { manifest, scenarioIndex, variants } as unknown as Experiment;
  const [ready] = readyScorers(experiment);
  const { scorer, part, engine } = ready!;
  assert(scorer.kind === 'judge');
  const [variant, scenario] = [manifest.variants[0]!.name, manifest.scenarios[0]!.id];
  const expectation = ready!.expectation({ variant, scenario })!;
  const key = scoreKey({
    parts: { variant: part.digest, engine: engine.digest, scenario: expectation.part.digest },
    ...{ output: digestOf(OUTPUT), vote: 1 },
  });
  const output = { output: OUTPUT, tested: null, came: new Map(), problem: null };
  const task = { scenario, variant, run: 1, vote: 1 } as never;
  const order: Order = {
    ...{ key: asKey(key), cell: { variant, scenario, run: 1 }, attempt: 1, timeoutMs: 30_000 },
    endpoint: endpointOf(manifest.providers[scorer.provider]!),
    ...orderOf({ experiment, scorer, expectation, output, task, done: [], wire: 'package' }),
  };
  yield { place: 'judge', key, order };
}

function answerTo(body: {
  readonly model: string;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly content: Loose }[];
}): JsonObject {
  const isTold = body.messages.some(
    ({ content }) => Array.isArray(content) && content.some((part: Loose) => part.type === 'tool_result'),
  );
  const calls = isTold
    ? []
    : (body.tools ?? []).map(({ name }, i) => ({ type: 'tool_use', id: `toolu_${i}`, name, input: {} }));
  const text = '{"reason": "r", "score": 1}';
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: body.model },
    content: [{ type: 'text', text }, ...calls],
    ...{ stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}
