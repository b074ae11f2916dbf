// A model that judges: it answers each request at once by a function of its text, and counts them.
import { startModelServer } from './model-server.ts';

export type JudgeServer = AsyncDisposable & {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  /** Bodies so far. */
  bodies(): readonly { readonly [name: string]: unknown }[];
};

export type Judged = { readonly status?: number; readonly text: string };

export async function startJudge(answer: (prompt: string) => Judged): Promise<JudgeServer> {
  const server = await startModelServer();
  let over = false;
  void (async () => {
    for (;;) {
      const held = await server.next();
      if (over) return;
      const messages = held.body.messages as readonly { content: string }[];
      const { status = 200, text } = answer(messages.at(-1)!.content);
      if (status !== 200) held.answer({ error: { message: text } }, { status });
      else {
        held.answer({
          ...{ id: 'x', object: 'chat.completion', created: 1, model: 'judge-1-served' },
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
          usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
        });
      }
    }
  })();
  return {
    url: server.url,
    count: () => server.requests.length,
    bodies: () => server.requests.map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      over = true;
      await server.close();
    },
  };
}
