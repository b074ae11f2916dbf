// What pytest said that it collects, kept between commands beside the index. Derived: deleting it costs asking again.
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import type { SurveyItem } from '../../core/harness.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export type KeptSurvey = {
  /** Of the settings alone: which harness it is about. */
  readonly harness: string;
  /** Of everything known beforehand that collection hangs on. */
  readonly digest: string;
  /** What collection read besides, and how it stood: a file's bytes, a folder's names. */
  readonly read: readonly (readonly [path: string, digest: string])[];
  readonly items: readonly SurveyItem[];
};

const SURVEY_FILE = 'survey.json';
const VERSION = 1;
/** Arms of their own environment, and settings that come and go between two edits. */
const MAX_KEPT = 40;

/** Newest first. What cannot be used is as if it had not been kept. */
export function readSurveys(root: string): readonly KeptSurvey[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(root, SURVEY_FILE), 'utf8'));
    if (!isJsonObject(value) || value.v !== VERSION || !Array.isArray(value.surveys)) return [];
    return (value.surveys as readonly Json[]).flatMap((entry) => readKept(entry) ?? []);
  } catch {
    return [];
  }
}

/** The newest goes to the front. `plan` writes without the store's lock: the file is whole, whoever writes last. */
export function writeSurveys(root: string, surveys: readonly KeptSurvey[]): void {
  makeFolder(root);
  const file = path.join(root, SURVEY_FILE);
  const own = `${file}.${process.pid}`;
  const lines = surveys.slice(0, MAX_KEPT).map((one) => JSON.stringify(one));
  replaceFile(own, [`{"v":${VERSION},"surveys":[\n${lines.join(',\n')}\n]}\n`]);
  renameSync(own, file);
}

function readKept(entry: Json): KeptSurvey | null {
  if (!isJsonObject(entry) || typeof entry.harness !== 'string' || typeof entry.digest !== 'string')
    return null;
  if (!Array.isArray(entry.items) || !Array.isArray(entry.read)) return null;
  const items = (entry.items as readonly Json[]).map((item) =>
    isJsonObject(item) ? readSurveyItem(item) : null,
  );
  const read = (entry.read as readonly Json[]).flatMap((pair): (readonly [string, string])[] =>
    Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string'
      ? [[pair[0], pair[1]]]
      : [],
  );
  if (items.includes(null) || read.length !== entry.read.length) return null;
  return { harness: entry.harness, digest: entry.digest, read, items: items as readonly SurveyItem[] };
}

/** null: no item can be told from it. Texts of the tests are anybody's: they are whole characters. */
export function readSurveyItem(line: JsonObject): SurveyItem | null {
  const nodeid = textOf(line.nodeid);
  const scenario = textOf(line.scenario);
  if (nodeid === null || scenario === null) return null;
  const { line: at, run } = line;
  return {
    nodeid,
    scenario,
    variant: textOf(line.variant),
    function: textOf(line.function) ?? '',
    file: textOf(line.file) ?? '',
    line: typeof at === 'number' ? at : null,
    run: typeof run === 'number' && Number.isInteger(run) ? run : null,
    params: Object.fromEntries(
      Object.entries(isJsonObject(line.params) ? line.params : {}).flatMap(([name, param]) => {
        const id = isJsonObject(param) ? textOf(param.id) : null;
        const isOfRun = name === line.run_param || name.startsWith('__pytest');
        return id === null || isOfRun
          ? []
          : [[name.toWellFormed(), { id, value: (param as JsonObject).value ?? null }]];
      }),
    ),
    markers: (Array.isArray(line.markers) ? (line.markers as readonly Json[]) : []).flatMap((mark) => {
      const name = isJsonObject(mark) ? textOf(mark.name) : null;
      const args = isJsonObject(mark) && Array.isArray(mark.args) ? (mark.args as readonly Json[]) : [];
      return name === null ? [] : [{ name, args }];
    }),
    deselected: line.deselected === true,
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}
