// npm run torture: every row of tests/crash, tests/hostile and tests/tracing in full, two at a time, each in a process of its own.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Row } from '../tests/rig/row.ts';
import { readArgs, type TortureArgs } from './torture-args.ts';
import { holdProperties } from './torture-properties.ts';
import { markdownTable, type RowResult, rowLine, withRows, withTable } from './torture-table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['tests/crash', 'tests/hostile', 'tests/tracing'];
const PAGE = path.join(ROOT, 'docs/reliability.md');
const AT_ONCE = 2;
/** Of a row that does not say how long it takes. */
const USUAL_SECONDS = 20;
/** A row that does not look at the clock is ended so long after its time. */
const GRACE_MS = 180_000;

type Listed = { readonly file: string; readonly row: Row };

const args = readArgs(process.argv.slice(2), { env: process.env, seed: Date.now() % 1_000_000 });
const all = await listRows();
const chosen = chooseRows(all, args.rows);
say(
  `seed ${args.seed} · ${chosen.length} rows · ${args.minutes === null ? 'in full' : `${args.minutes} minutes`}`,
);
const results = await runAll(chosen, args);
const table = markdownTable(results);
say(`\n${table}\n`);
const broken = results.filter(({ end }) => end.kind === 'not-held');
for (const { name, end } of broken) {
  say(`NOT HELD: ${name}, seed ${args.seed}\n${end.kind === 'not-held' ? end.why : ''}`);
  say(`again: npm run torture -- --seed ${args.seed} ${name}\n`);
}
const page = readFileSync(PAGE, 'utf8');
// Of some rows their lines alone, and only where they were done in full.
const whole = results.filter(({ end }) => end.kind === 'held' && !end.cut);
writeFileSync(PAGE, chosen.length === all.length ? withTable(page, report(table)) : withRows(page, whole));
// Properties have no share of minutes: they are tried where there is all the time.
const areHeld = args.minutes !== null || args.rows.length > 0 || (await holdProperties(ROOT));
process.exitCode = broken.length === 0 && areHeld ? 0 : 1;

/** A row is a file with a test of its own beside it; whatever else lies there helps. */
async function listRows(): Promise<readonly Listed[]> {
  const files = FOLDERS.filter((folder) => existsSync(path.join(ROOT, folder))).flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => path.join(ROOT, folder, name.replace('.test.ts', '.ts')))
      .filter((file) => existsSync(file)),
  );
  const rows: Listed[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(file).href)) as { readonly row?: Row };
    if (module.row) rows.push({ file, row: module.row });
  }
  return rows;
}

function chooseRows(rows: readonly Listed[], names: readonly string[]): readonly Listed[] {
  const unknown = names.filter((name) => rows.every(({ row }) => row.name !== name));
  if (unknown.length > 0) {
    say(`there is no row ${unknown.join(', ')}; there are: ${rows.map(({ row }) => row.name).join(', ')}`);
    process.exit(2);
  }
  return names.length === 0 ? rows : rows.filter(({ row }) => names.includes(row.name));
}

async function runAll(
  rows: readonly Listed[],
  { seed, minutes }: TortureArgs,
): Promise<readonly RowResult[]> {
  const endMs = minutes === null ? null : Date.now() + minutes * 60_000;
  // The longest first, so that nothing short waits behind it; what fills the time last.
  const waiting = [...rows].sort((a, b) => rank(b) - rank(a));
  const results: RowResult[] = [];
  /** Until when each lane is taken. */
  const taken: number[] = Array.from({ length: AT_ONCE }, () => 0);
  const lane = async (_: unknown, own: number): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      taken[own] = Date.now();
      const deadline = endMs === null ? null : deadlineOf({ next, waiting, taken, endMs });
      taken[own] = deadline ?? 0;
      const result = await runRow({ listed: next, seed, deadline });
      say(rowLine(result));
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return rows.map(({ row }) => results.find(({ name }) => name === row.name)!);
}

function rank({ row }: Listed): number {
  return row.fillsTime ? -1 : (row.seconds ?? USUAL_SECONDS);
}

/** Of the time that is left in all lanes, a row gets as much as it is long among those that wait. */
function deadlineOf(at: {
  readonly next: Listed;
  readonly waiting: readonly Listed[];
  readonly taken: readonly number[];
  readonly endMs: number;
}): number {
  const now = Date.now();
  const seconds = ({ row }: Listed): number => row.seconds ?? USUAL_SECONDS;
  const leftMs = at.taken.reduce((sum, until) => sum + Math.max(0, at.endMs - Math.max(until, now)), 0);
  const all = [at.next, ...at.waiting].reduce((sum, listed) => sum + seconds(listed), 0);
  const share = at.next.row.fillsTime ? leftMs : (leftMs * seconds(at.next)) / all;
  return Math.min(at.endMs, now + share);
}

async function runRow(at: {
  readonly listed: Listed;
  readonly seed: number;
  readonly deadline: number | null;
}): Promise<RowResult> {
  const { file, row } = at.listed;
  const count = row.fillsTime && at.deadline !== null ? 'all' : String(row.full);
  const given = [
    file,
    count,
    String(at.seed),
    ...(at.deadline === null ? [] : [String(Math.round(at.deadline))]),
  ];
  const script = path.join(ROOT, 'scripts/torture-row.ts');
  const child = spawn(process.execPath, [script, ...given], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const startedMs = performance.now();
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const overdueMs = at.deadline === null ? null : at.deadline - Date.now() + GRACE_MS;
  const timer = overdueMs === null ? null : setTimeout(() => child.kill('SIGKILL'), Math.max(0, overdueMs));
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`ended with ${signal ?? `exit ${code}`}`));
  });
  if (timer) clearTimeout(timer);
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  if (last.startsWith('{')) return JSON.parse(last) as RowResult;
  const { name, holds, full, unit } = row;
  const seconds = (performance.now() - startedMs) / 1000;
  const why = `the row's process ${how} without a result\n${err.slice(-2_000)}`;
  return { name, how: row.how, holds, full, unit, seconds, end: { kind: 'not-held', why } };
}

function report(lines: string): string {
  const how = args.minutes === null ? 'in full' : `--minutes ${args.minutes}`;
  return `\nSeed ${args.seed}, ${how}, ${process.platform}-${process.arch}, Node ${process.versions.node}.\n\n${lines}\n`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
