// An experiment whose answers are written down, looked at as a viewer does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { View } from '../../../src/project/view/open-view.ts';
import type { Refusal, ScreenName, Screens } from '../../../src/screens/screen.ts';
import { editFile, writeFiles } from '../../rig/files.ts';
import { inProcess } from '../../rig/in-process.ts';

export const MANIFEST = `version: 1
name: small
runs: 2
provider: sim
sim: { answers: answers.yaml }
variants: { a: { system: be short }, b: { system: be long } }
scenarios: [scenarios.yaml]
scorers: [contains]
execution: { retries: 0 }
`;

export const SCENARIOS = `- { id: "pay:one", input: may I pay later, category: pay, tags: [money], expect: { contains: "yes" } }
- { id: "pay:two", input: and by card, category: pay, expect: { contains: "yes" } }
- { id: "book:one", input: book the dentist, category: book, description: a call, tags: [time, money] }
- { id: down, input: are you there }
`;

/** a passes and b does not agree with itself; the second passes; the third is judged by nobody; the fourth fails. */
export const ANSWERS = `"pay:one":
  variants: { a: "Yes, you may.", b: ["Yes, of course.", "No."] }
"pay:two": "Yes, by card"
"book:one":
  variants:
    a: { text: Done., tool_calls: [{ name: create_task, arguments: { title: Dentist at 9, with: [Ann, Bob] } }] }
    b: Which dentist?
down: { error: 400 }
`;

/** For all tests of a file; gone when they are done. */
export function folderOfFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeSmall(folder: string, manifest: string = MANIFEST): void {
  writeFiles(folder, {
    'experiment.yaml': manifest,
    'scenarios.yaml': SCENARIOS,
    'answers.yaml': ANSWERS,
  });
}

export function edit(folder: string, name: string, [from, to]: readonly [string, string]): void {
  editFile(path.join(folder, name), (text) => text.replace(from, to));
}

export async function run(folder: string, ...argv: readonly string[]): Promise<void> {
  await inProcess(['run', ...argv], { cwd: folder });
}

export async function screen<Name extends ScreenName>(
  view: View,
  name: Name,
  query: Readonly<Record<string, string>> = {},
): Promise<Screens[Name]> {
  const answer = await view.answer(name, new URLSearchParams(query));
  if (!answer.ok) throw new Error(`${answer.refusal.kind}: ${answer.refusal.message}`);
  return answer.value;
}

export async function refusalOf(
  view: View,
  name: ScreenName,
  query: Readonly<Record<string, string>> = {},
): Promise<Refusal | null> {
  const answer = await view.answer(name, new URLSearchParams(query));
  return answer.ok ? null : answer.refusal;
}

/** Asked as a page does until all texts were searched: a machine that has much to do reads them in several turns. */
export async function searched(
  view: View,
  query: Readonly<Record<string, string>>,
): Promise<Screens['matrix']> {
  for (;;) {
    const matrix = await screen(view, 'matrix', query);
    if (matrix.searched === 1) return matrix;
  }
}

/** Of each row its scenario and the marks of its arms: `pay:one passed passed | passed failed`. */
export async function marksOf(view: View, query: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { rows } = await screen(view, 'matrix', query);
  return rows.map(({ scenario, cells }) => {
    const arms = cells.map((runs) => runs.map(({ mark }) => mark).join(' '));
    return `${scenario} ${arms.join(' | ')}`;
  });
}
