import { createAnthropic } from '@ai-sdk/anthropic';
const [baseURL, calls, n] = process.argv.slice(2);
const p = createAnthropic({ baseURL, apiKey: 'none' });
const model = p.languageModel('claude-haiku-4-5');
let next = 0; 
async function loop(total){ while (next < total) { const i = next++; 
 const r = await model.doGenerate({ prompt: [{role:'system',content:'variant 0'},{role:'user',content:[{type:'text',text:`scenario number ${i}: what is a good time for a walk?`}]}], temperature: 0.2, maxOutputTokens: 100 });
 if (r.content.length!==1) throw 1; } }
await Promise.all(Array.from({length:+n},()=>loop(300)));
next = 0; const c0 = process.cpuUsage(); const t0 = performance.now();
await Promise.all(Array.from({length:+n},()=>loop(+calls)));
const c = process.cpuUsage(c0); console.log('floor ms/call wall', ((performance.now()-t0)/calls).toFixed(3), 'user', (c.user/1000/calls).toFixed(3), 'sys', (c.system/1000/calls).toFixed(3));
process.exit(0)
