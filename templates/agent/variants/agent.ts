// An agent of your own: it calls the model, does what the model asks for, and calls it again. The client keeps the limits,
// the budget and the trace of the experiment. Edit it: exactly the cells of this variant run again.
import type { JsonObject, VariantDefinition } from 'expgraph';
import { lookUp, TOOLS } from './warehouse.ts';

const MAX_STEPS = 5;

export default {
  async run({ client, model, temperature, maxOutputTokens, messages, log }) {
    const said = [...messages];
    const toolCalls: { name: string; arguments: JsonObject }[] = [];
    for (let step = 1; step <= MAX_STEPS; step++) {
      const { choices } = await client.chat.completions.create({
        ...{ model, messages: said, tools: TOOLS },
        ...(temperature === null ? {} : { temperature }),
        ...(maxOutputTokens === null ? {} : { max_tokens: maxOutputTokens }),
      });
      const message = choices[0]!.message;
      said.push(message);
      if (!message.tool_calls?.length)
        return { text: message.content ?? '', toolCalls, properties: { steps: step } };
      for (const call of message.tool_calls) {
        if (call.type !== 'function') continue;
        const given = JSON.parse(call.function.arguments) as JsonObject;
        const found = lookUp(call.function.name, given);
        log(call.function.name, given, found);
        toolCalls.push({ name: call.function.name, arguments: given });
        said.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(found) });
      }
    }
    return { text: '', toolCalls, finishReason: 'steps' };
  },
} satisfies VariantDefinition;
