// Do the statistics hold what they promise? Simulated experiments whose truth is known. `node bench/aa.ts` prints the table and
// exits with 1 where a figure is not what it has to be; `node bench/aa.ts classic` one topic; `--write` puts all of it into
// docs/statistics.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fenced, withBlock } from '../scripts/readme.ts';
import { agreement } from './aa/agreement.ts';
import { classic } from './aa/classic.ts';
import { gate } from './aa/gate.ts';
import { looksAgain } from './aa/looks.ts';
import { margin } from './aa/margin.ts';
import { numbers } from './aa/numbers.ts';
import { power } from './aa/power.ts';
import { holds, linesOf, type Section } from './aa/section.ts';
import { untilReached } from './aa/until.ts';

/** In the order of the table. */
const TOPICS: { readonly [name: string]: () => readonly Section[] } = {
  classic,
  gate,
  looks: looksAgain,
  numbers,
  power,
  margin,
  until: untilReached,
  agreement,
};

const isWriting = process.argv.includes('--write');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.find((name) => !Object.hasOwn(TOPICS, name));
if (unknown !== undefined)
  throw new Error(`no topic ${unknown}; there are ${Object.keys(TOPICS).join(', ')}`);
if (isWriting && asked.length > 0) throw new Error('--write is about the whole table');

const sections: Section[] = [];
for (const [name, topic] of Object.entries(TOPICS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const made = topic();
  for (const section of made) console.log(linesOf(section).join('\n'));
  sections.push(...made);
}
const broken = sections.flatMap(({ rows }) => rows).filter((row) => !holds(row)).length;
const verdict = broken === 0 ? 'All of it holds.' : `${broken} not held.`;
console.log(verdict);
if (isWriting) {
  const file = new URL('../docs/statistics.md', import.meta.url);
  const table = [...sections.flatMap(linesOf), verdict].join('\n');
  writeFileSync(file, withBlock(readFileSync(file, 'utf8'), { name: 'aa', content: fenced(table) }));
}
process.exitCode = broken === 0 ? 0 : 1;
