// A thread's module that does its order or dies of it, as the last message says: "exit 2" exits in the first two attempts
// and answers from then on.
import type { Order } from '../../../src/core/order.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { serve } from '../../../src/worker/serve.ts';

serve(perform);

async function perform(order: Order): Promise<Outcome> {
  const [word, times] = String(order.request.messages.at(-1)!.content).split(' ');
  if (order.attempt <= Number(times)) return die(word!);
  // Long enough that crashes of others find it under way.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    kind: 'success',
    completion: {
      text: order.cell.scenario,
      toolCalls: [],
      messages: [{ role: 'assistant', content: order.cell.scenario }],
      finishReason: 'stop',
      refusal: null,
      usage: null,
      servedModel: null,
      systemFingerprint: null,
    },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 5,
    requestId: null,
    limits: null,
  };
}

function die(word: string): Promise<Outcome> {
  switch (word) {
    case 'exit':
      process.exit(3);
      break;
    case 'stray':
      setTimeout(() => {
        throw new Error('thrown from a timer');
      }, 1);
      return new Promise(() => {});
    case 'loop':
      for (;;);
    case 'memory': {
      const held: unknown[] = [];
      for (;;) held.push(new Array(100_000).fill(held.length));
    }
    case 'never':
      return new Promise(() => {});
    default:
      throw new Error(`thrown by the order: ${word}`);
  }
}
