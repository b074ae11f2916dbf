// LangSmith as its wire protocol, on loopback: takes what the real service takes, refuses what it refuses, and fails as it
// is told to, while it runs.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { checkRun, decode, Refused, readParts, runsOf, type WireRun } from './langsmith-wire.ts';

export type Faults = {
  /** Sockets are destroyed. */
  readonly down: boolean;
  /** The same, as soon as it has so many runs. */
  readonly downAt: number | null;
  /** Never answers. */
  readonly hang: boolean;
  readonly refusesKey: boolean;
  readonly latencyMs: number;
  /** Answers this instead, for a share of the requests for runs; `first`: of the first so many, then no more. */
  readonly status: {
    readonly code: number;
    readonly share: number;
    readonly retryAfter?: string;
    readonly first?: number;
    /** What it is about: runs alone, feedback alone, or whatever is asked. */
    readonly of?: 'runs' | 'feedback' | 'all';
  } | null;
  /** A proxy in front of it: 200 with a page, whatever is asked. */
  readonly html: boolean;
  /** Where it is reached: outside of it is nothing but a page with 404. */
  readonly prefix: string;
  /** Share of requests for runs that are stored, but never answered. */
  readonly loseAnswers: number;
  /** A request with a run that is there: the others are stored, or none. */
  readonly onDuplicate: '409-store' | '409-reject';
  /** A run that is older sinks its whole request. */
  readonly windowHours: number | null;
  readonly noMultipart: boolean;
  readonly maxBytes: number | null;
  /** A run of this name sinks its whole request. */
  readonly poison: string | null;
  /** With this status. */
  readonly poisonStatus: number;
};

const HEALTHY: Faults = {
  down: false,
  downAt: null,
  hang: false,
  refusesKey: false,
  latencyMs: 0,
  status: null,
  html: false,
  prefix: '',
  loseAnswers: 0,
  onDuplicate: '409-store',
  windowHours: null,
  noMultipart: false,
  maxBytes: null,
  poison: null,
  poisonStatus: 422,
};

export type Recorder = AsyncDisposable & {
  readonly url: string;
  readonly runs: ReadonlyMap<string, WireRun>;
  readonly feedback: ReadonlyMap<string, Stored>;
  readonly sessions: ReadonlyMap<string, Stored>;
  readonly datasets: ReadonlyMap<string, Stored>;
  readonly examples: ReadonlyMap<string, Stored>;
  /** `POST /runs/multipart 202` */
  readonly requests: readonly string[];
  /** Ids of feedback that came for a run that was not there. */
  readonly orphanFeedback: readonly string[];
  /** Everything that came in, decoded. */
  readonly bodies: readonly string[];
  fault(change: Partial<Faults>): void;
  roots(): readonly WireRun[];
  check(): {
    readonly roots: number;
    readonly spans: number;
    readonly orphans: number;
    readonly unended: number;
    readonly differing: number;
  };
  /** How many roots have each tag. */
  tags(): { readonly [tag: string]: number };
};

type Stored = { readonly [member: string]: unknown };

const STARTED = new Date().toISOString();
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const API_KEY = 'lsv2_pt_0123456789abcdef0123456789abcdef_0123456789';

/** Who sends after a run may be at it still when the next one comes, on a busy machine for longer than nobody is told of. */
export function withoutWaits(stderr: string): string {
  return stderr.replace(/^expgraph: another process is sending traces; .*\n/gm, '');
}

export async function startRecorder(faults: Partial<Faults> = {}, port = 0): Promise<Recorder> {
  let now: Faults = { ...HEALTHY, ...faults };
  const runs = new Map<string, WireRun>();
  const [feedback, sessions, datasets, examples] = [1, 2, 3, 4].map(() => new Map<string, Stored>()) as [
    Map<string, Stored>,
    Map<string, Stored>,
    Map<string, Stored>,
    Map<string, Stored>,
  ];
  const requests: string[] = [];
  const bodies: string[] = [];
  /** Feedback of runs that are not there: a real service takes it, and nobody ever sees it. */
  const orphans: string[] = [];
  let differing = 0;
  let seed = 1;
  /** The same each time. */
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };

  function takeRuns(post: readonly WireRun[], patch: readonly WireRun[]): void {
    const known = post.filter(({ id }) => runs.has(id));
    for (const run of post) {
      checkRun(run);
      checkPlace(run);
      if (run.name === now.poison) throw new Refused(now.poisonStatus, `run ${run.id} is poisoned`);
    }
    if (known.length > 0 && now.onDuplicate === '409-reject')
      throw new Refused(409, 'payloads already received');
    for (const run of post) {
      const before = runs.get(run.id);
      if (before === undefined) runs.set(run.id, run);
      else if (JSON.stringify(before) !== JSON.stringify(run)) differing++;
    }
    for (const run of patch) {
      const changed = Object.entries(run).filter(([, value]) => value !== undefined && value !== null);
      runs.set(run.id, { ...(runs.get(run.id) ?? {}), ...Object.fromEntries(changed), id: run.id });
    }
    if (known.length > 0) throw new Refused(409, 'payloads already received');
  }

  function checkPlace(run: WireRun): void {
    const ageHours = Math.abs(Date.now() - Date.parse(String(run.start_time))) / 3_600_000;
    if (now.windowHours !== null && ageHours > now.windowHours)
      throw new Refused(400, `run ${run.id}: start_time is outside of the window`);
    if (typeof run.session_id === 'string') {
      const session = sessions.get(run.session_id);
      if (!session) throw new Refused(404, `no project ${run.session_id}`);
      const example = run.reference_example_id;
      if (example === undefined) return;
      if (examples.get(String(example))?.dataset_id !== session.reference_dataset_id)
        throw new Refused(400, `example ${example} is not of the dataset`);
      return;
    }
    const name = String(run.session_name);
    if (![...sessions.values()].some((session) => session.name === name)) makeSession({ name });
  }

  function makeSession(given: Stored): Stored {
    const id = String(given.id ?? randomUUID());
    const session = { reference_dataset_id: null, ...given, id, tenant_id: TENANT };
    sessions.set(id, session);
    return session;
  }

  function named(of: ReadonlyMap<string, Stored>, name: unknown): Stored | undefined {
    return [...of.values()].find((each) => each.name === name);
  }

  function answer(request: {
    readonly method: string;
    readonly url: URL;
    readonly body: Buffer;
    readonly type: string;
  }): unknown {
    const { method, url, body, type } = request;
    const json = (): Stored => JSON.parse(body.toString()) as Stored;
    const path = routeOf(url);
    const route = `${method} ${path}`;
    if (route === 'GET /info') {
      return {
        version: '0.12',
        batch_ingest_config: {
          ...{ use_multipart_endpoint: true, size_limit: 100, size_limit_bytes: 20_971_520 },
          ...{ scale_up_qsize_trigger: 1000, scale_up_nthreads_limit: 16, scale_down_nempty_trigger: 4 },
        },
        instance_flags: {
          gzip_body_enabled: true,
          zstd_compression_enabled: true,
          dataset_examples_multipart_enabled: true,
        },
      };
    }
    if (route === 'POST /runs/multipart') {
      if (now.noMultipart) throw new Refused(404, 'not found');
      const parts = readParts(body, type);
      const { post, patch } = runsOf(parts);
      if (post.length + patch.length > 0) takeRuns(post, patch);
      // The Python SDK sends feedback along with the runs.
      const said = parts
        .filter(({ name }) => name.startsWith('feedback.'))
        .map(({ value }) => value as Stored);
      if (said.some(({ id }) => feedback.has(String(id)))) throw new Refused(409, 'there is such a feedback');
      for (const one of said) {
        if (!runs.has(String(one.run_id))) orphans.push(String(one.id));
        feedback.set(String(one.id), one);
      }
      return {};
    }
    if (route === 'POST /runs/batch')
      return takeRuns(json().post as WireRun[], (json().patch ?? []) as WireRun[]);
    if (route === 'POST /sessions') {
      const known = named(sessions, json().name);
      if (known && url.searchParams.get('upsert') !== 'true') throw new Refused(409, 'the name is taken');
      const session = known
        ? { ...json(), ...known, extra: json().extra ?? known.extra }
        : makeSession(json());
      sessions.set(String(session.id), session);
      return session;
    }
    if (route === 'GET /sessions') {
      const name = url.searchParams.get('name');
      return [...sessions.values()].filter((session) => name === null || session.name === name);
    }
    const [, kind, id] = /^\/(sessions|datasets|examples)\/([0-9a-f-]{36})$/.exec(path) ?? [];
    if (id !== undefined) return takeOne({ method, id, of: { sessions, datasets, examples }[kind!]!, json });
    if (route === 'POST /datasets') {
      if (named(datasets, json().name)) throw new Refused(409, 'the name is taken');
      const dataset = {
        ...{ created_at: STARTED, ...json() },
        ...{ id: String(json().id ?? randomUUID()), tenant_id: TENANT },
      };
      datasets.set(dataset.id, dataset);
      return dataset;
    }
    if (route === 'GET /datasets')
      return [...datasets.values()].filter(({ name }) => name === url.searchParams.get('name'));
    if (route === 'POST /examples') {
      const id = String(json().id ?? randomUUID());
      if (examples.has(id)) throw new Refused(409, `example ${id} is there`);
      examples.set(id, { ...json(), id });
      return examples.get(id);
    }
    if (route === 'GET /examples') {
      const of = [...examples.values()].filter(
        (example) => example.dataset_id === url.searchParams.get('dataset'),
      );
      const offset = Number(url.searchParams.get('offset') ?? 0);
      return of.slice(offset, offset + Math.min(100, Number(url.searchParams.get('limit') ?? 100)));
    }
    const dataset = /^\/v1\/platform\/datasets\/([^/]+)\/examples$/.exec(path)?.[1];
    if (dataset !== undefined) return takeExamples({ method, dataset, parts: readParts(body, type) });
    if (path.startsWith('/feedback')) return takeFeedback({ method, id: path.split('/')[2], given: json() });
    throw new Refused(404, `no ${route}`);
  }

  /** With a prefix as strictly as a self-hosted service: what its version is in the prefix is not in the route once more. */
  function routeOf({ pathname }: URL): string {
    if (now.prefix === '') return pathname.replace(/^\/api\/v\d/, '');
    const route = pathname.slice(now.prefix.length);
    if (!now.prefix.endsWith('/v1')) return route;
    if (route.startsWith('/v1/')) throw new Refused(404, `no ${pathname}`);
    return route.startsWith('/platform/') ? `/v1${route}` : route;
  }

  function takeOne(of: {
    readonly method: string;
    readonly id: string;
    readonly of: Map<string, Stored>;
    readonly json: () => Stored;
  }): unknown {
    const known = of.of.get(of.id);
    if (!known) throw new Refused(404, `no ${of.id}`);
    if (of.method === 'PATCH') of.of.set(of.id, { ...known, ...of.json(), id: of.id });
    const now = of.of.get(of.id);
    if (of.of !== examples) return now;
    // LangSmith puts each example into a split; its SDK for Python takes that for granted when it looks again.
    const metadata = { dataset_split: ['base'], ...(now?.metadata as Stored | undefined) };
    return { ...now, metadata };
  }

  function takeExamples(of: {
    readonly method: string;
    readonly dataset: string;
    readonly parts: ReturnType<typeof readParts>;
  }): unknown {
    if (!datasets.has(of.dataset)) throw new Refused(404, `no dataset ${of.dataset}`);
    const ids: string[] = [];
    for (const { name, value } of of.parts) {
      const [id, member] = name.split('.') as [string, string | undefined];
      if (member === undefined) {
        if (of.method === 'POST' && examples.has(id)) throw new Refused(409, `example ${id} is there`);
        if (of.method === 'PATCH' && !examples.has(id)) throw new Refused(404, `no example ${id}`);
        examples.set(id, { ...examples.get(id), ...(value as object), id, dataset_id: of.dataset });
        ids.push(id);
      } else examples.set(id, { ...examples.get(id), [member]: value });
    }
    return { count: ids.length, example_ids: ids };
  }

  function takeFeedback(of: {
    readonly method: string;
    readonly id: string | undefined;
    readonly given: Stored;
  }): unknown {
    const { method, given } = of;
    if (method === 'PATCH') {
      const known = feedback.get(of.id ?? '');
      if (!known) throw new Refused(404, `no feedback ${of.id}`);
      feedback.set(String(of.id), { ...known, ...given });
      return {};
    }
    const id = String(given.id);
    if (feedback.has(id)) throw new Refused(409, 'there is such a feedback');
    if (!runs.has(String(given.run_id))) {
      orphans.push(id);
      throw new Refused(404, `no run ${given.run_id}`);
    }
    if (typeof given.score === 'number' && !/^-?\d+(\.\d{1,4})?$/.test(String(given.score)))
      throw new Refused(422, 'score');
    feedback.set(id, given);
    return {};
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const faults = now;
    if (faults.down || (faults.downAt !== null && runs.size >= faults.downAt))
      return void request.socket.destroy();
    const body = await readBody(request);
    if (faults.hang) return;
    if (faults.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.latencyMs));
    const url = new URL(request.url ?? '/', 'http://recorder');
    const isRuns = url.pathname.includes('/runs');
    const isOf = { runs: isRuns, feedback: url.pathname.includes('/feedback'), all: true };
    if (faults.html || !`${url.pathname}/`.startsWith(`${faults.prefix}/`)) {
      const status = faults.html ? 200 : 404;
      requests.push(`${request.method} ${url.pathname} ${status} html`);
      response.writeHead(status, { 'content-type': 'text/html' });
      return void response.end('<!doctype html><title>Welcome</title><p>Sign in to go on.</p>');
    }
    const end = (status: number, value: unknown, headers: { readonly [name: string]: string } = {}): void => {
      requests.push(`${request.method} ${url.pathname} ${status}`);
      if (isRuns && random() < faults.loseAnswers) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value ?? {}));
    };
    if (faults.refusesKey || !request.headers['x-api-key']) return end(401, { detail: 'invalid key' });
    const { status } = faults;
    if (status && isOf[status.of ?? 'runs'] && (status.first ?? 1) > 0 && random() < status.share) {
      const { code, retryAfter, first } = status;
      if (first !== undefined) now = { ...now, status: { ...status, first: first - 1 } };
      return end(code, { detail: 'as told' }, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    }
    try {
      const decoded = decode(body, request.headers['content-encoding']);
      bodies.push(decoded.toString());
      if (faults.maxBytes !== null && decoded.length > faults.maxBytes) throw new Refused(413, 'too large');
      const type = request.headers['content-type'] ?? '';
      end(isRuns ? 202 : 200, answer({ method: request.method ?? 'GET', url, body: decoded, type }));
    } catch (cause) {
      if (cause instanceof Refused) return end(cause.status, { detail: cause.message });
      end(422, { detail: String(cause) });
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
  const address = server.address() as { readonly port: number };
  const roots = (): readonly WireRun[] => [...runs.values()].filter(({ parent_run_id: parent }) => !parent);
  return {
    url: `http://127.0.0.1:${address.port}`,
    ...{ runs, feedback, sessions, datasets, examples, requests, bodies, roots },
    orphanFeedback: orphans,
    fault(change) {
      now = { ...now, ...change };
    },
    check: () => ({
      roots: roots().length,
      spans: runs.size,
      orphans: [...runs.values()].filter(
        ({ parent_run_id: parent, trace_id: trace }) =>
          (parent && !runs.has(String(parent))) || !runs.has(String(trace)),
      ).length,
      unended: [...runs.values()].filter(({ end_time: end }) => !end).length,
      differing,
    }),
    tags() {
      const counts: { [tag: string]: number } = {};
      for (const { tags } of roots())
        for (const tag of (tags ?? []) as string[]) counts[tag] = (counts[tag] ?? 0) + 1;
      return counts;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
