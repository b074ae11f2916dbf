// npm run bench: each row a ratio against a floor measured in the same run. Medians of whole processes.
// `npm run bench -- startup null throughput efficiency` picks rows; exit 1 if a wanted ratio is missed.
import { cpus } from 'node:os';
import type { Row } from './measure.ts';
import { nullRun } from './null-run.ts';
import { startup } from './startup.ts';
import { efficiency, throughput } from './throughput.ts';

const SUITES: { readonly [name: string]: () => Promise<readonly Row[]> } = {
  startup,
  null: async () => [await nullRun(1_000), await nullRun(10_000), await nullRun(100_000)],
  throughput: async () => [await throughput()],
  efficiency: async () => [await efficiency()],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`no suite named ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
console.log(`Node ${process.versions.node}, ${cpus().length} cores, ${process.platform}-${process.arch}\n`);
console.log('| what | floor | expgraph | ratio | wanted | held |');
console.log('|---|---|---|---|---|---|');
let missed = 0;
for (const [name, suite] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of await suite()) {
    if (!row.held) missed++;
    console.log(
      `| ${row.what} | ${row.floor} | ${row.measured} | ${row.ratio} | ${row.wanted} | ${row.held ? 'yes' : 'NO'} |`,
    );
  }
}
process.exitCode = missed === 0 ? 0 : 1;
