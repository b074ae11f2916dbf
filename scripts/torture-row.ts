// One row in a process of its own: `node scripts/torture-row.ts FILE COUNT SEED [DEADLINE]`. COUNT `all`: as long as there
// is time; DEADLINE in ms since 1970. The last line of its output is the result as JSON; a row that does not hold is one.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Row } from '../tests/rig/row.ts';
import { tryRow } from '../tests/rig/try-row.ts';
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
  try {
    const tried = await tryRow(row, {
      count: count === 'all' ? Number.POSITIVE_INFINITY : Number(count),
      seed: Number(seed),
      isOver: () => deadline !== undefined && Date.now() >= Number(deadline),
    });
    return { kind: 'held', ...tried };
  } catch (cause) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return { kind: 'not-held', why: text.slice(0, 4_000) };
  }
}
