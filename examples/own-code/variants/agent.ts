// An agent loop of one's own: it answers the model's calls from a desk of its own, for a few steps at most.
import { defineVariant, type JsonObject } from 'expgraph';
import { MAX_STEPS, resultOf } from './desk.ts';

export default defineVariant({
  async run({ scenario, client, model, messages, temperature, seed, tools, log, signal }) {
    const said = [...messages];
    const toolCalls: { name: string; arguments: JsonObject }[] = [];
    for (let step = 1; step <= MAX_STEPS; step++) {
      signal.throwIfAborted();
      const { choices } = await client.chat.completions.create({
        ...{ model, messages: said, tools },
        ...(temperature === null ? {} : { temperature }),
        ...(seed === null ? {} : { seed }),
      });
      const { message } = choices[0]!;
      said.push(message);
      if (!message.tool_calls?.length) {
        return { text: message.content ?? '', toolCalls, properties: { steps: step } };
      }
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
