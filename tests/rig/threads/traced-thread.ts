// A thread's module whose work is a user's own code: functions of LangSmith's SDK, of an old one, of LangChain, an OpenAI
// client that is wrapped, and one that does not end.
import { RunnableLambda } from '@langchain/core/runnables';
import { RunnableLambda as OldRunnableLambda } from 'langchain-core-old/runnables';
import { traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers/openai';
import { traceable as oldTraceable } from 'langsmith-old/traceable';
import OpenAI from 'openai';
import type { Order } from '../../../src/core/order.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { makeTracers } from '../../../src/tracing/index.ts';
import { serve } from '../../../src/worker/serve.ts';
import { chatAnswer } from '../model-calls.ts';
import { CLOCK } from '../spooled.ts';

const findTracer = makeTracers({ env: process.env, clock: CLOCK });

const old = oldTraceable(async (text: string) => `old ${text}`, { name: 'old' });
const inner = traceable(async (text: string) => old(text), {
  name: 'inner',
  run_type: 'retriever',
  metadata: { mine: 1 },
});
const outer = traceable(async (text: string) => inner(text), { name: 'outer' });
const chain = RunnableLambda.from(async (text: string) => `${text}!`).withConfig({ runName: 'chain' });
const oldChain = OldRunnableLambda.from(async (text: string) => `${text}!`).withConfig({
  runName: 'old chain',
});
const client = wrapOpenAI(
  new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1:1/v1',
    fetch: async () => Response.json(chatAnswer('hello')),
  }),
);
const endless = traceable(() => new Promise<string>(() => {}), { name: 'endless' });

async function own(text: string): Promise<string> {
  await outer(text);
  await chain.invoke(text);
  await oldChain.invoke(text);
  await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: text }] });
  void endless();
  return 'done';
}

serve(perform);

async function perform(order: Order): Promise<Outcome> {
  const tracer = await findTracer();
  const started = new Date();
  const { spans } = await tracer.trace({
    order: order.trace!,
    startMs: started.getTime(),
    inputs: { text: order.request.model },
    work: () => own(order.request.model),
    ending: (text) => ({ outputs: { text }, error: null }),
  });
  return {
    kind: 'failure',
    failure: { kind: 'internal', status: null, message: 'a test', retryAfterMs: null },
    startedAt: started.toISOString(),
    durationMs: 1,
    requestId: null,
    limits: null,
    spans,
  };
}
