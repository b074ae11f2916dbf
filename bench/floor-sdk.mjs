// The floor of throughput: the openai SDK in a bare loop, one process, one thread, N in flight.
// Usage: node floor-sdk.mjs BASE_URL CALLS IN_FLIGHT
import OpenAI from 'openai';

const [baseURL, calls, inFlight] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
let next = 0;
async function loop() {
  while (next < Number(calls)) {
    const i = next++;
    await client.chat.completions.create({
      model: 'sim-small',
      messages: [{ role: 'user', content: `scenario number ${i}: what is a good time for a walk?` }],
      temperature: 0.2,
    });
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, loop));
console.log(`${calls} calls`);
