// The floor of calls through a package: the package in a bare loop, one process, one thread, N in flight, each answer appended to a
// JSONL file when it is there.
// Usage: node floor-ai-sdk.mjs BASE_URL CALLS IN_FLIGHT FILE
import { createWriteStream } from 'node:fs';
import { createAnthropic } from '@ai-sdk/anthropic';

const [baseURL, calls, inFlight, file] = process.argv.slice(2);
const model = createAnthropic({ baseURL, apiKey: 'none' }).languageModel('sim-small');
const out = createWriteStream(file);
let next = 0;
async function loop() {
  while (next < Number(calls)) {
    const i = next++;
    const answer = await model.doGenerate({
      prompt: [
        { role: 'system', content: 'variant 0' },
        {
          role: 'user',
          content: [{ type: 'text', text: `scenario number ${i}: what is a good time for a walk?` }],
        },
      ],
      temperature: 0.2,
      maxOutputTokens: 200,
    });
    out.write(`${JSON.stringify({ scenario: i, text: answer.content[0].text, usage: answer.usage })}\n`);
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, loop));
await new Promise((resolve) => out.end(resolve));
console.log(`${calls} calls`);
