// Rows of one file, whatever the file is, -> results: what the rows above say for those below is kept here.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { metadataIn } from '../../answers/metadata.ts';
import { parseJson, textOf } from '../../answers/values.ts';
import { sha256 } from '../../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, type Result } from '../../core/result.ts';
import { checkRecord } from '../../exchange/generated/record-check.ts';
import type { Imported, Mapping } from '../../exchange/imported.ts';
import { ownLine, readOwn } from '../../exchange/read-own.ts';
import { isPromptfooLine, readResult, scenarioNames } from '../../exchange/read-promptfoo.ts';
import { isBatchLine, isBatchRequest, readRow } from '../../exchange/read-row.ts';
import { parseStrictly } from '../../exchange/strict.ts';

type Read = Result<Imported, readonly string[]>;

export type Rows = {
  /** Said for all that follows. */
  tell(about: JsonObject): void;
  /** Looked at before any is read. */
  prepare(rows: readonly Json[]): void;
  /** null = it is no result, and none that should be one. */
  read(row: Json): Read | null;
  readText(line: string): Read | null;
  /** Of a table. */
  readCells(row: JsonObject): Read | null;
};

export function makeRows(input: {
  readonly file: string;
  readonly about: JsonObject;
  readonly mapping: Mapping;
  readonly requests: ReadonlyMap<string, JsonObject>;
}): Rows {
  const { mapping } = input;
  let about = input.about;
  const prompts: JsonObject[] = [];
  let names: ((result: JsonObject) => string) | null = null;
  const own = (line: JsonObject): Read =>
    readOwn(line, { mapping, body: (digest) => bodyNear(input.file, digest), problems: problemsOf });
  const read = (row: Json): Read | null => {
    const ours = ownLine(row);
    if (ours === 'result') return own(row as JsonObject);
    if (ours === 'beside') return null;
    if (ours === 'score')
      return err(['is a score of expgraph, not an answer: `npx expgraph score` judges what is imported']);
    if (isPromptfooLine(row)) {
      names ??= scenarioNames(prompts, mapping.asked);
      return readResult({ result: row, mapping, startedAt: null, names });
    }
    if (!isJsonObject(row)) return readRow(row, { mapping, about });
    if (isBatchRequest(row)) return null;
    const told = metadataIn(row, mapping.fields);
    if (told !== null) {
      about = { ...input.about, ...told };
      return null;
    }
    const isOurs = isOwnRow(row);
    const object = isOurs ? withoutDraw(row) : row;
    const request = isBatchLine(object) ? input.requests.get(textOf(object.custom_id) ?? '') : undefined;
    const result = readRow(request === undefined ? object : { ...object, request }, { mapping, about });
    return isOurs ? withUntold(result, object) : result;
  };
  return {
    tell(told) {
      about = { ...about, ...told };
    },
    prepare(rows) {
      for (const row of rows)
        if (isPromptfooLine(row)) prompts.push({ testCase: row.testCase ?? {}, vars: row.vars ?? {} });
    },
    read,
    readText(line) {
      const sealed = sealOf(line);
      // What we wrote ourselves says exactly what was kept, numbers of many digits among it.
      const parsed = sealed === true ? parseJson(line) : parseStrictly(line);
      if (parsed.kind === 'err') return err([parsed.error]);
      const isDamaged = sealed === false && ownLine(parsed.value) === 'result';
      return isDamaged ? err(['is damaged: its checksum does not fit']) : read(parsed.value);
    },
    readCells(row) {
      return read(isOwnRow(row) ? unguarded(row) : row);
    },
  };
}

/** null = the line has no checksum. */
function sealOf(line: string): boolean | null {
  const [whole, seal] = /,"c":"([0-9a-f]{32})"\}\s*$/.exec(line.slice(-SEAL)) ?? [];
  if (whole === undefined) return null;
  const body = line.slice(0, line.length - whole.length);
  return sha256(body).startsWith(seal!);
}

/** As long as a seal is, with a line end of two characters. */
const SEAL = ',"c":""}\r\n'.length + 32;

function problemsOf(value: Json): readonly string[] {
  const check = checkRecord as {
    (value: unknown): boolean;
    errors?: readonly { instancePath: string; keyword: string }[];
  };
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, keyword }) => `${instancePath || 'it'} (${keyword})`);
}

/** Bodies stand beside runs/ and history/. */
function bodyNear(file: string, digest: string): Json | null {
  if (!/^[0-9a-f]{64}$/.test(digest)) return null;
  let folder = path.dirname(file);
  for (let up = 0; up < 3; up++, folder = path.dirname(folder)) {
    const blob = path.join(folder, 'blobs', 'sha256', digest.slice(0, 2), digest);
    if (!existsSync(blob)) continue;
    const text = readFileSync(blob, 'utf8');
    if (sha256(text) !== digest) return null;
    const parsed = parseJson(text);
    return parsed.kind === 'ok' ? parsed.value : null;
  }
  return null;
}

function isOwnRow(row: JsonObject): boolean {
  return row.experiment !== undefined && row.standing !== undefined && row.key !== undefined;
}

/** The number of the draw, which is a text's name elsewhere. */
function withoutDraw({ generation: _, ...row }: JsonObject): JsonObject {
  return row;
}

/** Of an export: it names what is not known; all other nulls were left out of the request. */
function withUntold(read: Read, row: JsonObject): Read {
  if (read.kind === 'err') return read;
  const told = typeof row.unknown === 'string' ? parseJson(row.unknown) : null;
  const names = told?.kind === 'ok' ? told.value : row.unknown;
  const unknown = read.value.unknown.filter((name) => Array.isArray(names) && names.includes(name));
  return { kind: 'ok', value: { ...read.value, unknown } };
}

/** As `export --format csv` guards what a spreadsheet would run. */
function unguarded(row: JsonObject): JsonObject {
  // An empty cell of a completed record is an empty text.
  const text = row.text === undefined && row.status === 'completed' ? { text: '' } : {};
  return { ...text, ...withoutGuards(row) };
}

function withoutGuards(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' &&
      /^'(?:[\s\ufeff\u200b\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/.test(value)
        ? value.slice(1)
        : value,
    ]),
  );
}
