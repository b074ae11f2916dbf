// Loaded into a measured process: writes its peak resident set (kB) when it ends, and what it was each 250 ms before.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.EXPGRAPH_BENCH_RSS;
if (file && isMainThread) {
  const seen = [];
  setInterval(() => seen.push(Math.round(process.memoryUsage.rss() / 1024)), 250).unref();
  process.on('exit', () =>
    writeFileSync(file, JSON.stringify({ peak: process.resourceUsage().maxRSS, seen })),
  );
}
