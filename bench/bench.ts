// npm run bench: each row a ratio against a floor measured in the same run. Medians of whole processes.
// `npm run bench -- startup null throughput efficiency` picks rows; exit 1 if a wanted ratio is missed.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { accountLimits } from './account-limits.ts';
import { accounts } from './accounts.ts';
import { sdk } from './ai-sdk.ts';
import { budget } from './budget.ts';
import { compare, compareScores } from './compare.ts';
import { installed } from './install.ts';
import { durable, judging } from './judging.ts';
import { kinds } from './kinds.ts';
import { limitGrid } from './limit-grid.ts';
import { bucket, failures } from './limits.ts';
import type { Row } from './measure.ts';
import { memory } from './memory.ts';
import { nullRun } from './null-run.ts';
import { planned } from './planned.ts';
import { queue } from './queue.ts';
import { share } from './share.ts';
import { startup } from './startup.ts';
import { durability, efficiency, throughput } from './throughput.ts';
import { tracing } from './tracing.ts';
import { view } from './view.ts';
import { viewer } from './viewer.ts';

const SUITES: { readonly [name: string]: () => Promise<readonly Row[]> } = {
  startup,
  null: async () => [await nullRun(1_000), await nullRun(10_000), await nullRun(100_000)],
  planned,
  compare: async () => [await compare(100_000), await compareScores(100_000)],
  view: () => view(100_000),
  throughput,
  sdk,
  durability: async () => [await durability()],
  judging: async () => [await judging(), await durable()],
  memory: async () => [await memory()],
  efficiency,
  limits: async () => [...(await bucket()), await failures(), ...(await accountLimits()), limitGrid()],
  accounts,
  budget,
  tracing,
  kinds,
  viewer,
  install: installed,
  queue,
  share,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`no suite named ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
const lines: string[] = [];
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};
say(`Node ${process.versions.node}, ${cpus().length} cores, ${process.platform}-${process.arch}`);
say('');
say('| what | floor | expgraph | ratio | wanted | held |');
say('|---|---|---|---|---|---|');
let missed = 0;
const under: string[] = [];
for (const [name, suite] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of await suite()) {
    if (!row.held) missed++;
    under.push(...(row.under ?? []));
    const held = row.held ? 'yes' : 'NO';
    say(`| ${row.what} | ${row.floor} | ${row.measured} | ${row.ratio} | ${row.wanted} | ${held} |`);
  }
}
for (const line of under) console.log(line);
// The whole table is kept: the README shows it as last measured (npm run readme).
if (wanted.length === 0) {
  writeFileSync(new URL('results.md', import.meta.url), `${lines.join('\n')}\n`);
}
process.exitCode = missed === 0 ? 0 : 1;
