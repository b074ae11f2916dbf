import { parentPort, workerData } from 'node:worker_threads';
import { enableCompileCache, flushCompileCache } from 'node:module';
const cpu = () => { const c = process.threadCpuUsage(); return ((c.user+c.system)/1e3).toFixed(1); };
const out = { boot: cpu() };
enableCompileCache();
const D='/work/wt/own/dist/';
for (const m of workerData.mods) { const b=+cpu(); const [n,f]=m.split('#'); const x = await import(n.startsWith('@')?D+n.slice(1):n); if (f) await x[f](); out[m]=(+cpu()-b).toFixed(1); }
flushCompileCache();
out.total=cpu();
globalThis.gc?.();
out.heap=(process.memoryUsage().heapUsed/1e6).toFixed(1)+'/'+(process.memoryUsage().heapTotal/1e6).toFixed(1);
parentPort.postMessage(out); setInterval(()=>{},1e6);
