// A model that answers the same request alike, and remembers when it was asked each: what was paid, by whom and how often.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CountedModel = AsyncDisposable & {
  /** For base_url. */
  readonly url: string;
  /** By what the request says, the moments at which it began, in milliseconds of this process' wall clock. */
  readonly asked: ReadonlyMap<string, readonly number[]>;
  readonly answered: () => number;
  readonly inFlight: () => number;
  /** While it is held nobody is answered. */
  hold(): void;
  letGo(): void;
};

type Body = {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
};

/** What identifies a request: all that is said in it. */
export function saidIn({ messages }: Pick<Body, 'messages'>): string {
  return messages.map(({ role, content }) => `${role}: ${content}`).join(' | ');
}

export async function startCountedModel({ latencyMs = 20 } = {}): Promise<CountedModel> {
  const asked = new Map<string, number[]>();
  const waiting = new Set<() => void>();
  let answered = 0;
  let inFlight = 0;
  let isHeld = false;
  const server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      const body = JSON.parse(text) as Body;
      const said = saidIn(body);
      asked.set(said, [...(asked.get(said) ?? []), Date.now()]);
      inFlight++;
      response.on('close', () => inFlight--);
      const answer = (): void => {
        waiting.delete(answer);
        answered++;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answerTo(body, said)));
      };
      if (isHeld) waiting.add(answer);
      else
        setTimeout(() => {
          if (isHeld) waiting.add(answer);
          else answer();
        }, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answered: () => answered,
    inFlight: () => inFlight,
    hold() {
      isHeld = true;
    },
    letGo() {
      isHeld = false;
      for (const answer of [...waiting]) answer();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo({ model }: Body, said: string): object {
  const digest = createHash('sha256').update(said).digest('hex');
  return {
    id: `answer-${digest.slice(0, 12)}`,
    object: 'chat.completion',
    created: 1,
    model,
    choices: [
      {
        index: 0,
        // Whoever asks for a judgement is given one.
        message: {
          role: 'assistant',
          content: said.includes('Is it right?')
            ? '{"reason": "it is", "score": 1}'
            : `heard ${digest.slice(0, 16)}`,
        },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  };
}
