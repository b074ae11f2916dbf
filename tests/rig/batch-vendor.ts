// Batches of both vendors, played by a server that counts: which cell's request was sent how often, in which batch, and whether its
// answers were fetched. Batches end when the test says so, or at once.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/core/json.ts';

export type PlayedItem = { readonly item: string; readonly body: JsonObject };

export type PlayedBatch = {
  readonly id: string;
  readonly wire: 'openai' | 'anthropic';
  readonly metadata: JsonObject;
  readonly items: readonly PlayedItem[];
  readonly createdMs: number;
  state: 'open' | 'ended' | 'refused';
  /** Items that are not answered: by `custom_id`. */
  readonly odd: Map<
    string,
    'expired' | 'cancelled' | 'missing' | { readonly status: number; readonly error: JsonObject }
  >;
  errors: readonly JsonObject[];
  fetched: number;
};

/** What the next question of a kind is answered instead; each is used once. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: JsonObject;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The connection is closed without a byte; `done`: what was asked for is done all the same. */
  | { readonly kind: 'drop'; readonly done: boolean }
  /** Half of the answer, and the connection is closed. */
  | { readonly kind: 'half' }
  /** The file ends in the middle, and nothing says so. */
  | { readonly kind: 'short' };

export type Question = 'upload' | 'create' | 'list' | 'look' | 'download';

export type BatchVendor = AsyncDisposable & {
  /** For base_url. */
  readonly url: string;
  readonly batches: PlayedBatch[];
  /** `METHOD /path`, in order. */
  readonly asked: string[];
  /** Calls that came one by one. */
  readonly calls: JsonObject[];
  readonly faults: { readonly [question in Question]: Fault[] };
  /** Whether batches end by themselves when they are looked at. */
  endsAtOnce: boolean;
  /** Told after the question was done and before it is answered. */
  onDone: ((question: Question) => void) | null;
  end(batch?: PlayedBatch): void;
  /** How often each `custom_id` without its batch's tag was sent. */
  sent(): ReadonlyMap<string, number>;
};

export async function startBatchVendor(): Promise<BatchVendor> {
  const files = new Map<string, string>();
  const batches: PlayedBatch[] = [];
  const asked: string[] = [];
  const calls: JsonObject[] = [];
  const faults: { [question in Question]: Fault[] } = {
    upload: [],
    create: [],
    list: [],
    look: [],
    download: [],
  };
  let serial = 0;

  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      try {
        serve(request, response, text);
      } catch (cause) {
        response.writeHead(500).end(JSON.stringify({ error: { message: String(cause) } }));
      }
    });
  });

  function serve(request: IncomingMessage, response: ServerResponse, text: string): void {
    const [path = '', query = ''] = (request.url ?? '').replace(/^\/v1/, '').split('?');
    const method = request.method ?? '';
    asked.push(`${method} ${path}`);
    const question = questionOf(method, path);
    const fault = question && faults[question].shift();
    if (fault?.kind === 'status') {
      const body = fault.body ?? { error: { message: `status ${fault.status}`, type: 'played' } };
      response
        .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        .end(JSON.stringify(body));
      return;
    }
    if (fault?.kind === 'drop' && !fault.done) {
      response.socket?.destroy();
      return;
    }
    const answered = answerTo(method, path, { query, text });
    if (question) vendor.onDone?.(question);
    if (fault?.kind === 'drop') {
      response.socket?.destroy();
      return;
    }
    const { status = 200, body } = answered;
    const whole = typeof body === 'string' ? body : JSON.stringify(body);
    if (fault?.kind === 'half') {
      response.writeHead(status, { 'content-length': String(Buffer.byteLength(whole)) });
      response.write(whole.slice(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
      return;
    }
    const said = fault?.kind === 'short' ? whole.slice(0, Math.floor(whole.length / 2)) : whole;
    response.writeHead(status, { 'content-type': 'application/json' }).end(said);
  }

  function answerTo(
    method: string,
    path: string,
    { query, text }: { readonly query: string; readonly text: string },
  ): { readonly status?: number; readonly body: JsonObject | string } {
    const found = batches.find(({ id }) => path.split(/[/-]/).includes(id));
    if (method === 'POST' && path === '/files') {
      const id = `file-${++serial}`;
      files.set(id, text.slice(text.indexOf('{"custom_id"'), text.lastIndexOf('}') + 1));
      return { body: { id, object: 'file' } };
    }
    if (method === 'POST' && path === '/batches') {
      const { input_file_id, metadata, endpoint } = JSON.parse(text);
      const lines = files
        .get(input_file_id)!
        .split('\n')
        .map((line) => JSON.parse(line));
      // As the vendor does: all of a batch is asked of one endpoint.
      if (lines.some(({ url }) => url !== endpoint))
        return {
          status: 400,
          body: { error: { message: `a line is not of ${endpoint}`, type: 'invalid_request_error' } },
        };
      const items = lines.map(({ custom_id, body }) => ({ item: custom_id, body }));
      return { body: openAiForm(add('openai', items, metadata)) };
    }
    if (method === 'POST' && path === '/messages/batches') {
      const { requests } = JSON.parse(text) as { requests: { custom_id: string; params: JsonObject }[] };
      const items = requests.map(({ custom_id, params }) => ({ item: custom_id, body: params }));
      return { body: anthropicForm(add('anthropic', items, {})) };
    }
    if (method === 'GET' && (path === '/batches' || path === '/messages/batches')) {
      const wire = path === '/batches' ? 'openai' : 'anthropic';
      const after = /after(?:_id)?=([\w-]+)/.exec(query)?.[1];
      const limit = Math.min(2, Number(/limit=(\d+)/.exec(query)?.[1] ?? 20));
      const newest = batches.filter((batch) => batch.wire === wire).reverse();
      const from = after === undefined ? 0 : newest.findIndex(({ id }) => id === after) + 1;
      const data = newest.slice(from, from + limit).map(formOf);
      return { body: { data, has_more: from + limit < newest.length } };
    }
    if (method === 'GET' && /^\/(messages\/)?batches\/[\w-]+$/.test(path)) {
      if (!found) return missing();
      if (vendor.endsAtOnce) vendor.end(found);
      return { body: formOf(found) };
    }
    if (method === 'GET' && /^\/files\/(out|err)-[\w-]+\/content$/.test(path)) {
      found!.fetched++;
      return { body: openAiLines(found!, path.startsWith('/files/out') ? 'output' : 'errors') };
    }
    if (method === 'GET' && path.endsWith('/results')) {
      if (!found) return missing();
      found.fetched++;
      return { body: anthropicLines(found) };
    }
    if (method === 'POST' && path.endsWith('/cancel')) {
      if (!found) return missing();
      for (const { item } of found.items) found.odd.set(item, 'cancelled');
      found.state = 'ended';
      return { body: formOf(found) };
    }
    if (method === 'POST' && /\/(chat\/completions|messages|responses)$/.test(path)) {
      const body = JSON.parse(text) as JsonObject;
      calls.push(body);
      return { body: path.endsWith('messages') ? messageFor(body) : answerFor(body) };
    }
    return missing();
  }

  function add(wire: PlayedBatch['wire'], items: readonly PlayedItem[], metadata: JsonObject): PlayedBatch {
    const id = wire === 'openai' ? `batch_${++serial}` : `msgbatch_${++serial}`;
    const batch: PlayedBatch = {
      id,
      wire,
      metadata,
      items,
      createdMs: Date.now(),
      state: 'open',
      odd: new Map(),
      errors: [],
      fetched: 0,
    };
    batches.push(batch);
    return batch;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vendor: BatchVendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    batches,
    asked,
    calls,
    faults,
    endsAtOnce: false,
    onDone: null,
    end(batch) {
      for (const one of batch ? [batch] : batches) if (one.state === 'open') one.state = 'ended';
    },
    sent() {
      const counts = new Map<string, number>();
      for (const { items } of batches)
        for (const { item } of items) {
          const key = item.slice(item.indexOf('-') + 1);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      return counts;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return vendor;
}

function questionOf(method: string, path: string): Question | null {
  if (method === 'POST' && path === '/files') return 'upload';
  if (method === 'POST' && /batches$/.test(path)) return 'create';
  if (method === 'GET' && /batches$/.test(path)) return 'list';
  if (method === 'GET' && /batches\/[\w-]+$/.test(path)) return 'look';
  return method === 'GET' && /(content|results)$/.test(path) ? 'download' : null;
}

function missing(): { readonly status: number; readonly body: JsonObject } {
  return {
    status: 404,
    body: { type: 'error', error: { type: 'not_found_error', message: 'no such thing' } },
  };
}

function formOf(batch: PlayedBatch): JsonObject {
  return batch.wire === 'openai' ? openAiForm(batch) : anthropicForm(batch);
}

const isAnswered = ({ odd }: PlayedBatch, item: string): boolean => !odd.has(item);

function openAiForm(batch: PlayedBatch): JsonObject {
  const { id, metadata, items, state, createdMs, odd, errors } = batch;
  const answered = items.filter(({ item }) => isAnswered(batch, item)).length;
  const failed = [...odd.values()].filter((one) => one !== 'missing').length;
  const isEnded = state === 'ended';
  return {
    id,
    object: 'batch',
    metadata,
    created_at: Math.floor(createdMs / 1000),
    status: state === 'refused' ? 'failed' : isEnded ? 'completed' : 'in_progress',
    request_counts: { total: items.length, completed: isEnded ? answered : 0, failed: isEnded ? failed : 0 },
    output_file_id: isEnded && answered > 0 ? `out-${id}` : null,
    error_file_id: isEnded && failed > 0 ? `err-${id}` : null,
    errors: state === 'refused' ? { object: 'list', data: [...errors] } : null,
  };
}

function openAiLines(batch: PlayedBatch, which: 'output' | 'errors'): string {
  return batch.items
    .flatMap(({ item: custom_id, body }): JsonObject[] => {
      const odd = batch.odd.get(custom_id);
      if (odd === undefined) {
        if (which === 'errors') return [];
        return [
          {
            id: 'r',
            custom_id,
            response: {
              status_code: 200,
              request_id: `req-${custom_id.slice(-6)}`,
              body: answerFor(body),
            },
            error: null,
          },
        ];
      }
      if (which === 'output' || odd === 'missing') return [];
      if (odd === 'expired')
        return [{ custom_id, response: null, error: { code: 'batch_expired', message: 'expired' } }];
      if (odd === 'cancelled')
        return [{ custom_id, response: null, error: { code: 'batch_cancelled', message: 'cancelled' } }];
      return [
        {
          custom_id,
          response: { status_code: odd.status, request_id: 'req-x', body: { error: odd.error } },
          error: null,
        },
      ];
    })
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function anthropicForm(batch: PlayedBatch): JsonObject {
  const { id, items, state, createdMs, odd } = batch;
  const isEnded = state === 'ended';
  const count = (what: (one: unknown) => boolean): number =>
    isEnded ? [...odd.values()].filter(what).length : 0;
  return {
    id,
    type: 'message_batch',
    processing_status: isEnded ? 'ended' : 'in_progress',
    request_counts: {
      processing: isEnded ? 0 : items.length,
      succeeded: isEnded ? items.length - odd.size : 0,
      errored: count((one) => typeof one === 'object'),
      canceled: count((one) => one === 'cancelled'),
      expired: count((one) => one === 'expired'),
    },
    created_at: new Date(createdMs).toISOString(),
    results_url: isEnded ? `https://elsewhere.example/${id}/results` : null,
  };
}

function anthropicLines(batch: PlayedBatch): string {
  return batch.items
    .flatMap(({ item: custom_id, body }): JsonObject[] => {
      const odd = batch.odd.get(custom_id);
      if (odd === 'missing') return [];
      const result: JsonObject =
        odd === undefined
          ? { type: 'succeeded', message: messageFor(body) }
          : odd === 'expired'
            ? { type: 'expired' }
            : odd === 'cancelled'
              ? { type: 'canceled' }
              : { type: 'errored', error: { type: 'error', error: odd.error } };
      return [{ custom_id, result }];
    })
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** In the form of the API that was asked. */
function answerFor(body: JsonObject): JsonObject {
  return body.input === undefined ? completionFor(body) : responseFor(body);
}

function responseFor({ model, input }: JsonObject): JsonObject {
  const text = `answer to ${JSON.stringify(input).length}`;
  return {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    model: model as string,
    output: [
      {
        type: 'message',
        id: 'm_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: { input_tokens: 100, output_tokens: 20, total_tokens: 120 },
  };
}

function completionFor({ model, messages }: JsonObject): JsonObject {
  const said = `answer to ${JSON.stringify(messages).length}`;
  return {
    id: 'c',
    object: 'chat.completion',
    model: model as string,
    choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
}

function messageFor({ model, messages }: JsonObject): JsonObject {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: model as string,
    content: [{ type: 'text', text: `answer to ${JSON.stringify(messages).length}` }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 20 },
  };
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
