// One row, item or document of a scenario file -> a scenario, or what is wrong with it: the same for all kinds of files.

import { plainProblem } from '../../core/canonical-input.ts';
import type { Location } from '../../core/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { ScenarioEntry, ScenarioList, ScenarioSource, WrittenIntents } from '../documents/origin.ts';
import type { Target } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import { guessMap } from './guess.ts';
import { inputMistakes, isOfParts } from './input-form.ts';
import { mapRow, pathInRow } from './map.ts';
import { fieldProblems, makeScenario, type RawDefaults, type RawScenario } from './scenario.ts';

export type Row = {
  readonly value: unknown;
  readonly line: number;
  /** Paths start at the row. */
  readonly locate: (target: Target) => Location;
  /** Of CSV: values are text. */
  readonly cells: boolean;
  readonly defaults?: RawDefaults;
  readonly intents?: readonly WrittenIntents[];
};

/** A row of a file, found again where there is something to show. */
export type Place = Pick<Row, 'value' | 'locate'>;

/** What all kinds of files have in common: rows in order, and the place of each by its number. */
export function readEntries(
  source: ScenarioSource,
  file: { readonly rows: Iterable<Row>; readonly placeOf: (index: number) => Place },
): ScenarioList {
  const scenarios: ScenarioEntry[] = [];
  let index = 0;
  for (const row of file.rows) {
    const entry = readEntry(source, row);
    if (entry !== null) scenarios.push({ ...entry, index });
    index++;
  }
  return { scenarios, locate: (at, target) => locateIn(source, file.placeOf(at))(target) };
}

/** null: what is wrong is among the findings. */
function readEntry(source: ScenarioSource, row: Row): Omit<ScenarioEntry, 'index'> | null {
  const { findings, file } = source;
  if (source.seen.isForeign) return null;
  const value = source.mapping === null ? row.value : mapped(source, row);
  if (value === null) return null;
  if (source.mapping === null && isForeign(source, row)) return null;
  const locate = locateIn(source, row);
  const shaped = mistakesOf('scenario', value);
  const mistakes = shaped.length > 0 ? shaped : inputMistakes((value as RawScenario).input);
  for (const { path, part, say, alike } of mistakes)
    findings.add(file, () => ({ ...say(), location: locate({ path, part }) }), alike);
  if (mistakes.length > 0) return null;
  const raw = value as RawScenario;
  // A document was looked at when it was read; a row made of cells was not.
  const plain = row.cells ? plainProblem(raw) : null;
  const problems = [
    ...(plain ? [{ ...plain, hint: null }] : []),
    ...fieldProblems(raw).map((problem) => ({ ...problem, code: 'bad-name' })),
  ];
  for (const { code, path, message, hint } of problems)
    findings.add(file, () => ({ code, message, hint, location: locate({ path, part: 'value' }) }), message);
  if (problems.length > 0) return null;
  const { defaults = {}, line } = row;
  const scenario = makeScenario({ raw, defaults, file, line });
  const hasInput = raw.input !== undefined || defaults.input !== undefined;
  return {
    scenario,
    hasInput,
    isOfParts: isOfParts(raw.input ?? defaults.input),
    tools: raw.tools ?? defaults.tools,
    intents: intentsOf({ source, row, raw, locate }),
  };
}

function intentsOf(input: {
  readonly source: ScenarioSource;
  readonly row: Row;
  readonly raw: RawScenario;
  readonly locate: Row['locate'];
}): readonly WrittenIntents[] {
  const { raw, locate } = input;
  const shared = input.row.intents ?? NONE;
  if (raw.expects_tools === undefined) return shared;
  const own: WrittenIntents = {
    raw: raw.expects_tools,
    file: input.source.file,
    locate: (target) => locate({ ...target, path: ['expects_tools', ...target.path] }),
  };
  return [...shared, own];
}

const NONE: readonly never[] = [];

function mapped(source: ScenarioSource, row: Row): JsonObject | null {
  const { findings, file, seen } = source;
  if (!isJsonObject(row.value)) {
    findings.add(
      file,
      () => ({
        code: 'wrong-type',
        message: 'a row that is mapped is a map of columns',
        location: row.locate({ path: [], part: 'value' }),
      }),
      'no-row',
    );
    return null;
  }
  for (const name of Object.keys(row.value)) if (seen.columns.size < 1000) seen.columns.add(name);
  const { raw, found, problems } = mapRow(row.value, { map: source.mapping!.map, cells: row.cells });
  for (const field of found) seen.fields.add(field);
  for (const { path, code, message } of problems)
    findings.add(file, () => ({ code, message, location: row.locate({ path, part: 'value' }) }), message);
  return problems.length > 0 ? null : raw;
}

/** A field of a scenario that is mapped is shown where its column is. */
function locateIn(source: ScenarioSource, row: Place): Row['locate'] {
  if (source.mapping === null) return row.locate;
  const { map } = source.mapping;
  return (target) => {
    const path = pathInRow(row.value, { map, path: target.path });
    return path === null ? row.locate({ path: [], part: 'value' }) : row.locate({ ...target, path });
  };
}

/** Columns that another tool has for what we have: said once, with the mapping that reads them. */
function isForeign(source: ScenarioSource, row: Row): boolean {
  if (!isJsonObject(row.value) || Object.keys(row.value).every(isOurs)) return false;
  return reportForeign(source, { row: row.value, location: () => row.locate({ path: [], part: 'value' }) });
}

/** False: no column is known by another name. */
export function reportForeign(
  source: ScenarioSource,
  input: { readonly row: JsonObject; readonly location: () => Location; readonly isTable?: boolean },
): boolean {
  const map = guessMap(input.row, input.isTable);
  if (map === null) return false;
  source.seen.isForeign = true;
  const foreign = Object.keys(input.row).filter((name) => !isOurs(name));
  const shown = foreign
    .slice(0, 12)
    .map((name) => JSON.stringify(name))
    .join(', ');
  const more = foreign.length > 12 ? `, and ${foreign.length - 12} more` : '';
  source.findings.add(source.file, () => ({
    ...{
      code: 'unknown-columns',
      message: `the columns of ${source.shown} are another tool's: ${shown}${more}`,
    },
    hint: `map them, for example: scenarios: { files: ${JSON.stringify(source.shown)}, map: ${map} }`,
    location: input.location(),
  }));
  return true;
}

const OURS = new Set([
  ...['id', 'input', 'category', 'tags', 'description', 'vars', 'expect', 'tools', 'tool_results'],
  'expects_tools',
]);

function isOurs(name: string): boolean {
  return OURS.has(name) || name.startsWith('vars.');
}
