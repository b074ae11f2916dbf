// The page's server in a test, with a view that the test makes; asked over HTTP as it comes, so that a test can say what no
// browser would.
import { type IncomingHttpHeaders, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Answer, ScreenName } from '../../src/screens/screen.ts';
import { type SaveVerdict, type Serving, serveViewer, type Viewed } from '../../src/viewer/serve.ts';

export type TestView = Viewed & {
  /** What was asked for, in order. */
  readonly asked: readonly string[];
  change(revision: string): void;
  readonly listeners: () => number;
};

/** Answers by the screen's name; every other is not there. */
export function makeView(answers: Partial<Record<ScreenName, object | (() => object)>> = {}): TestView {
  const asked: string[] = [];
  const listeners = new Set<(revision: string) => void>();
  let revision = 'first';
  return {
    asked,
    async answer<Name extends ScreenName>(name: Name, query: URLSearchParams) {
      asked.push(`${name}?${query}`);
      const answer = answers[name];
      const value = typeof answer === 'function' ? answer() : answer;
      const refusal = { kind: 'not-found', message: `there is no ${name}` };
      return (value === undefined ? { ok: false, refusal } : { ok: true, value }) as Answer<Name>;
    },
    file: async () => null,
    revision: () => revision,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(next) {
      revision = next;
      for (const listener of listeners) listener(next);
    },
    listeners: () => listeners.size,
  };
}

export type Answered = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

export type TestViewer = Serving & {
  readonly token: string;
  /** Sent as it stands: the path is not tidied, and of headers the token alone is given, where `headers` does not say otherwise. */
  ask(path: string, options?: AskOptions): Promise<Answered>;
};

type AskOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export async function startViewer(view: Viewed, saveVerdict: SaveVerdict | null = null): Promise<TestViewer> {
  const started = await serveViewer({ view, port: 0, saveVerdict });
  if (started.kind === 'err') throw new Error(started.error);
  const serving = started.value;
  onTestFinished(async () => serving[Symbol.asyncDispose]());
  const token = /#token=(.+)$/.exec(serving.address('/'))![1]!;
  const authorization = `Bearer ${token}`;
  return {
    ...serving,
    token,
    ask: (path, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port: serving.port, path, method, headers: { authorization, ...headers } },
          (response) => {
            let text = '';
            response
              .setEncoding('utf8')
              .on('data', (more: string) => {
                text += more;
              })
              .on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
          },
        );
        sent.on('error', reject);
        sent.end(body);
      }),
  };
}
