// Loaded into every process of a measured program: when it ends, it writes its CPU time and its peak resident set.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env.EXPGRAPH_BENCH_COST;
if (folder && isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const role = process.argv[1]?.includes('follow') ? 'uploader' : 'run';
    const cost = { role, cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 };
    writeFileSync(path.join(folder, `${process.pid}.json`), JSON.stringify(cost));
  });
}
