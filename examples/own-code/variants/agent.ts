// An agent loop of one's own: it looks at the calendar first, then lets the model answer, then checks what came.
import { defineVariant } from 'expgraph';
import { MAX_STEPS, resultOf } from './desk.ts';

export default defineVariant({
  async run({ scenario, client, model, messages, temperature, seed, tools, log, signal }) {
    const said: Parameters<typeof client.chat.completions.create>[0]['messages'] = [...messages] as never;
    const toolCalls: { name: string; arguments: Record<string, never> }[] = [];
    for (let step = 1; step <= MAX_STEPS; step++) {
      signal.throwIfAborted();
      const answer = await client.chat.completions.create({
        model,
        messages: said,
        tools: tools as never,
        ...(temperature === null ? {} : { temperature }),
        ...(seed === null ? {} : { seed }),
      });
      const { message } = answer.choices[0]!;
      said.push(message);
      if (!message.tool_calls?.length)
        return { text: message.content ?? '', toolCalls, properties: { steps: step } };
      for (const call of message.tool_calls) {
        if (call.type !== 'function') continue;
        const given = JSON.parse(call.function.arguments);
        log(scenario.id, 'calls', call.function.name, given);
        toolCalls.push({ name: call.function.name, arguments: given });
        said.push({ role: 'tool', tool_call_id: call.id, content: resultOf(call.function.name) });
      }
    }
    return { text: 'too many steps', toolCalls, finishReason: 'steps' };
  },
});
