// One row in a process of its own: `node scripts/torture-row.ts FILE COUNT SEED [DEADLINE]`. COUNT `all`: as long as there
// is time; DEADLINE in ms since 1970. The last line of its output is the result as JSON; a row that does not hold is one.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeRandom } from '../src/core/shuffle.ts';
import type { Row } from '../tests/rig/row.ts';
import type { RowResult } from './torture-table.ts';

const [file, count, seed, deadline] = process.argv.slice(2);
const { row } = (await import(pathToFileURL(path.resolve(file!)).href)) as { readonly row: Row };
const startedMs = performance.now();
const end = await endOf(row);
const { name, how, holds, full, unit } = row;
const seconds = (performance.now() - startedMs) / 1000;
const result: RowResult = { name, how, holds, full, unit, seconds, end };
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

async function endOf(row: Row): Promise<RowResult['end']> {
  const missing = row.missing?.() ?? null;
  if (missing !== null) {
    const kind = process.env.CI === 'true' ? 'not-held' : 'left-out';
    return { kind, why: kind === 'not-held' ? `cannot be left out with CI=true: ${missing}` : missing };
  }
  let cut = false;
  try {
    const { tried, seen } = await row.run({
      count: count === 'all' ? Number.POSITIVE_INFINITY : Number(count),
      random: makeRandom(Number(seed)),
      isOver() {
        cut ||= deadline !== undefined && Date.now() >= Number(deadline);
        return cut;
      },
    });
    // A row that fills the time ends by it: that is no cut once it has done what a full one does.
    return { kind: 'held', tried, seen, cut: cut && (!row.fillsTime || tried < row.full) };
  } catch (cause) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return { kind: 'not-held', why: text.slice(0, 4_000) };
  }
}
