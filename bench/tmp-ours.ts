import { makeClients } from '../src/providers/index.ts';
const [baseURL, calls, n] = process.argv.slice(2) as [string,string,string];
const clock = { now: () => new Date(), monotonicMs: () => performance.now(), after: () => () => {} } as never;
const client = await makeClients({ env: { K: 'none' }, clock })({ type: 'anthropic', baseUrl: baseURL, apiKeyEnv: 'K', api: 'chat', headers: {}, sdk: { package: '@ai-sdk/anthropic', create: 'createAnthropic', method: null, options: {}, here: { folder: process.cwd(), secrets: [] } } });
if (client.kind === 'err') throw new Error(client.error.message);
let next = 0;
async function loop(total: number) { while (next < total) { const i = next++;
  const a = await (client as any).value.complete({ model: 'claude-haiku-4-5', messages: [{role:'system',content:'variant 0'},{role:'user',content:`scenario number ${i}: what is a good time for a walk?`}], tools: [], temperature: 0.2, maxOutputTokens: 100, seed: null, params: {} }, { signal: new AbortController().signal, run: 1 });
  if (a.kind !== 'completion') throw new Error(JSON.stringify(a)); } }
await Promise.all(Array.from({length:+n},()=>loop(300)));
next = 0; const c0 = process.cpuUsage(); const t0 = performance.now();
await Promise.all(Array.from({length:+n},()=>loop(+calls)));
const c = process.cpuUsage(c0); console.log('ours  ms/call wall', ((performance.now()-t0)/+calls).toFixed(3), 'user', (c.user/1000/+calls).toFixed(3), 'sys', (c.system/1000/+calls).toFixed(3));
process.exit(0)
