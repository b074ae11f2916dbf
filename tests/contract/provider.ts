// What every type of provider promises, whoever answers it: its entry in the table, and its adapter against a server that
// speaks its form. A new type joins with a row in tests/providers/providers.test.ts.
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/core/endpoint-settings.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint, ModelRequest } from '../../src/core/order.ts';
import type { FailureKind } from '../../src/core/outcome.ts';
import type { ProviderEntry } from '../../src/core/providers/entry.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { writeFiles } from '../rig/files.ts';
import { API_KEY, REQUEST, realClock } from '../rig/model-calls.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

/** One form that a server of this type speaks. */
export type Form = {
  readonly api: Endpoint['api'];
  /** Of a whole answer, and of one that calls `look_up` with these arguments; both took 3 tokens and made 2. */
  readonly answer: (text: string) => JsonObject;
  readonly call: (given: JsonObject) => JsonObject;
  readonly error: (message: string) => JsonObject;
  /** How the key is sent. */
  readonly keyHeader: { readonly name: string; readonly value: (key: string) => string };
  /** What of a request is asked, where the body does not say it by OpenAI's names. */
  readonly asked?: (held: HeldRequest) => {
    readonly model: unknown;
    readonly temperature?: unknown;
    readonly top_p?: unknown;
  };
};

const ROOT = path.resolve(import.meta.dirname, '../..');

export function testProvider(entry: ProviderEntry, forms: readonly Form[]): void {
  describe(`${entry.type}: the contract of a type of provider`, () => {
    if (namesPackage(entry)) {
      test('its package has to be named', async () => {
        const bare = { ...entry, ownSettings: [] };
        await expect(manifestOf(bare, '')).rejects.toThrow('a provider of type ai-sdk needs "package"');
      });
    } else {
      test('an account of its name is there without being declared, with the defaults of its entry', async () => {
        const { providers, variants } = await manifestOf(entry, '');
        expect(providers[entry.type]).toMatchObject({
          ...{ type: entry.type, baseUrl: null, apiKeyEnv: entry.defaults.apiKeyEnv },
          pricing: entry.defaults.pricing,
        });
        expect(variants[0]!.model).toBe(entry.defaults.model ?? 'm');
      });
    }

    if (entry.adapter === null) {
      test('nobody is asked', async () => {
        const { answer } = await ask({ entry, server: null, form: null });
        expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'bad-request', status: null } });
      });
    } else {
      test('a key is sent to its own address alone, unless the manifest names one', async () => {
        const { providers } = await manifestOf(entry, 'base_url: "http://127.0.0.1:9/v1"');
        expect(providers.declared!.apiKeyEnv).toBeNull();
      });
    }

    describe.each(forms)('through the $api API', (form) => {
      let server: ModelServer;
      beforeEach(async () => {
        server = await startModelServer();
      });
      afterEach(() => server.close());
      const asked = (reply: (held: HeldRequest) => void, more: Partial<Asking> = {}) =>
        ask({ entry, server, form, reply, ...more });
      const failure = async (
        reply: (held: HeldRequest) => void,
        more: Partial<Asking> = {},
      ): Promise<Extract<ClientAnswer, { kind: 'failure' }>['failure']> => {
        const { answer } = await asked(reply, more);
        if (answer.kind !== 'failure') throw new Error(`it ended as ${answer.kind}`);
        return answer.failure;
      };

      test('an answer comes back as text with its usage, its model and its id', async () => {
        const { answer } = await asked((held) =>
          held.answer(form.answer('It is two.'), { headers: { 'x-request-id': 'req_1' } }),
        );
        expect(answer).toMatchObject({
          ...{ kind: 'completion', requestId: 'req_1' },
          completion: {
            ...{ text: 'It is two.', toolCalls: [], servedModel: expect.any(String) },
            usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
          },
        });
      });

      test('a call of a tool comes back with its name and its arguments, and the tool was offered', async () => {
        const given = { word: 'two', deep: { list: [1, null, 'x'] } };
        const { answer, held } = await asked((one) => one.answer(form.call(given)), {
          request: { ...REQUEST, tools: [TOOL] },
        });
        expect(JSON.stringify(held!.body)).toContain('"look_up"');
        expect(answer).toMatchObject({
          completion: { toolCalls: [{ name: 'look_up', arguments: given }], usage: { totalTokens: 5 } },
        });
      });

      test('the model, the messages and the parameters are sent, and the key as this form has it', async () => {
        const request: ModelRequest = { ...REQUEST, temperature: 0.5, params: { top_p: 0.25 } };
        const { held } = await asked((one) => one.answer(form.answer('')), { request });
        const sent = form.asked?.(held!) ?? held!.body;
        expect(sent).toMatchObject({ model: 'small', temperature: 0.5, top_p: 0.25 });
        expect(JSON.stringify(held!.body)).toContain('hello');
        expect(held!.headers[form.keyHeader.name]).toBe(form.keyHeader.value(API_KEY));
        expect(held!.headers['x-expgraph-run'] ?? null).toBe(entry.runHeader === null ? null : '3');
      });

      test.each<[number, FailureKind]>([
        [400, 'bad-request'],
        [401, 'unauthorized'],
        [429, 'rate-limited'],
        [500, 'overloaded'],
        [503, 'overloaded'],
      ])('status %i is %s, and nothing is asked a second time', async (status, kind) => {
        const found = await failure((held) => held.answer(form.error('It is so.'), { status }));
        expect(found).toMatchObject({ kind, status, message: expect.stringContaining('It is so.') });
        expect(server.requests).toHaveLength(1);
      });

      test('a 429 says when to come back', async () => {
        const headers = { 'retry-after': '7' };
        const found = await failure((held) => held.answer(form.error('slower'), { status: 429, headers }));
        expect(found).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_000 });
      });

      test('a refused key is told by the name of its variable, and never by its value', async () => {
        const found = await failure((held) =>
          held.answer(form.error(`Incorrect key: ${API_KEY}`), { status: 401 }),
        );
        expect(found.message).toContain('CONTRACT_KEY');
        expect(JSON.stringify(found)).not.toContain(API_KEY);
      });

      test('what a header and the query hold is in no outcome, whatever the server says back', async () => {
        const secret = 'canary-8f3b1c';
        const found = await failure(
          (held) => held.answer(form.error(`${held.path} ${held.headers['x-tenant']}`), { status: 400 }),
          {
            endpoint: {
              headers: { 'x-tenant': secret },
              settings: { ...NO_SETTINGS, query: { code: secret } },
            },
          },
        );
        expect(server.requests[0]!.path).toContain(secret);
        expect(JSON.stringify(found)).not.toContain(secret);
      });

      test('a key that is not set is a failure without a request', async () => {
        const { answer } = await ask({ entry, server, form, env: {} });
        expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'unauthorized' } });
        expect(server.requests).toHaveLength(0);
      });

      test('a deadline that passes is a timeout, any other abort is cancelled, and the request ends', async () => {
        for (const [reason, ending] of [
          [new DOMException('late', 'TimeoutError'), { kind: 'failure', failure: { kind: 'timeout' } }],
          [new Error('stopped'), { kind: 'cancelled' }],
        ] as const) {
          const controller = new AbortController();
          const { answer, held } = await asked(() => controller.abort(reason), { signal: controller.signal });
          expect(answer).toMatchObject(ending);
          await held!.closed;
        }
        expect(server.requests).toHaveLength(2);
      });

      test.each<[string, (held: HeldRequest) => void, FailureKind]>([
        ['a connection that is dropped', (held) => held.drop(), 'network'],
        ['half an answer', (held) => held.half(form.answer('cut')), 'network'],
        ['an answer that is no JSON', (held) => held.send('<html>hello</html>'), 'invalid-response'],
        ['an answer of another form', (held) => held.answer({ ok: true }), 'invalid-response'],
      ])('%s is a failure of its kind, and nothing is asked a second time', async (_, reply, kind) => {
        expect(await failure(reply)).toMatchObject({ kind });
        expect(server.requests).toHaveLength(1);
      });

      test('calls side by side each get their own answer', async () => {
        const client = await clientOf({ entry, server, form });
        const { signal } = new AbortController();
        const answers = ['a', 'b', 'c'].map((model) =>
          client.complete({ ...REQUEST, model }, { signal, run: 3 }),
        );
        const held = [await server.next(), await server.next(), await server.next()];
        for (const one of held.toReversed())
          one.answer(form.answer(`for ${String((form.asked?.(one) ?? one.body).model)}`));
        expect(await Promise.all(answers)).toMatchObject(
          ['a', 'b', 'c'].map((model) => ({ completion: { text: `for ${model}` } })),
        );
      });
    });
  });
}

const TOOL = {
  ...{ name: 'look_up', description: 'Looks up.', strict: null },
  parameters: { type: 'object', properties: { word: { type: 'string' } } },
};

type Of = {
  readonly entry: ProviderEntry;
  readonly server: ModelServer | null;
  readonly form: Form | null;
  readonly env?: { readonly [name: string]: string };
  readonly endpoint?: Partial<Endpoint>;
};

type Asking = Of & {
  readonly request?: ModelRequest;
  readonly signal?: AbortSignal;
  readonly reply?: (held: HeldRequest) => void;
};

async function ask({
  request = REQUEST,
  signal = new AbortController().signal,
  reply,
  ...of
}: Asking): Promise<{ readonly answer: ClientAnswer; readonly held: HeldRequest | null }> {
  const found = await find(of);
  if (found.kind === 'err') {
    const answer = { kind: 'failure', failure: found.error, requestId: null, limits: null } as const;
    return { answer, held: null };
  }
  const answer = found.value.complete(request, { signal, run: 3 });
  const held = (await of.server?.next()) ?? null;
  if (held !== null) reply?.(held);
  return { answer: await answer, held };
}

async function clientOf(of: Of) {
  const found = await find(of);
  if (found.kind === 'err') throw new Error(found.error.message);
  return found.value;
}

function find({ entry, server, form, endpoint, env = { CONTRACT_KEY: API_KEY } }: Of) {
  return makeClients({ env, clock: realClock })({
    ...{ type: entry.type, baseUrl: server?.url ?? null, api: form?.api ?? 'chat' },
    ...{ apiKeyEnv: 'CONTRACT_KEY', headers: {}, ...sdkOf(entry), ...endpoint },
  });
}

/** The true package, as it is installed here. */
function sdkOf({ sdk }: Of['entry']): Partial<Endpoint> {
  if (sdk === null) return {};
  return { sdk: { ...sdk, method: null, options: {}, here: { folder: ROOT, secrets: [] } } };
}

/** Of types that stand for any package. */
function namesPackage({ ownSettings }: Of['entry']): boolean {
  return ownSettings.includes('package');
}

/** With an account of this type that is declared, and a variant that uses the one that is not. */
async function manifestOf(entry: Of['entry'], more: string) {
  const folder = tempFolder();
  const named = namesPackage(entry) ? ['package: "@acme/models"', 'create: createAcme'] : [];
  const settings = [`type: ${entry.type}`, ...named, ...(more === '' ? [] : [more])];
  const used = namesPackage(entry) ? 'declared' : entry.type;
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: contract
scenarios: [scenarios.yaml]
variants: { one: { use: ./one.mjs, provider: ${used}${entry.defaults.model === null ? ', model: m' : ''} } }
providers: { declared: { ${settings.join(', ')} } }
`,
    'scenarios.yaml': '- { id: a, input: b }\n',
    'one.mjs': 'export default { run: () => "" };\n',
  });
  const env = entry.defaults.apiKeyEnv === null ? {} : { [entry.defaults.apiKeyEnv]: API_KEY };
  const loaded = await loadManifest({ file: `${folder}/experiment.yaml`, env });
  if (loaded.kind === 'err') throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value.manifest;
}
