// The floor of throughput: what somebody writes in ten minutes. The openai SDK in a bare loop, one process, one thread, N in
// flight, each answer appended to a JSONL file when it is there.
// Usage: node floor-sdk.mjs BASE_URL CALLS IN_FLIGHT FILE
import { createWriteStream } from 'node:fs';
import OpenAI from 'openai';

const [baseURL, calls, inFlight, file] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
const out = createWriteStream(file);
let next = 0;
async function loop() {
  while (next < Number(calls)) {
    const i = next++;
    const answer = await client.chat.completions.create({
      model: 'sim-small',
      messages: [
        { role: 'system', content: 'variant 0' },
        { role: 'user', content: `scenario number ${i}: what is a good time for a walk?` },
      ],
      temperature: 0.2,
    });
    out.write(
      `${JSON.stringify({ scenario: i, text: answer.choices[0].message.content, usage: answer.usage })}\n`,
    );
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, loop));
await new Promise((resolve) => out.end(resolve));
console.log(`${calls} calls`);
