// The manifest's `scenarios:` -> every scenario of every file, with ids that are unique in the experiment.
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import { findMatches, globProblem } from '../documents/files.ts';
import { scenarioGlobs } from '../documents/globs.ts';
import { missingFileHint } from '../documents/near-file.ts';
import type { Locate, ScenarioEntry, ScenarioList, ScenarioSource } from '../documents/origin.ts';
import type { Findings } from '../errors/findings.ts';
import type { JsonPath, ParsedDocument } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { makeOwnToolsReader } from '../tools/tools.ts';
import { readScenarioFile } from './file.ts';
import { formOf } from './form.ts';
import { expectationColumns } from './guess.ts';
import { withMadeIds } from './ids.ts';
import { fieldsOf } from './map.ts';
import { mediaReader } from './media.ts';
import { isPromptfoo } from './promptfoo.ts';

export type FoundScenario = Omit<ScenarioEntry, 'tools'> & {
  readonly locate: Locate;
  /** What to do for a variable that it lacks. */
  readonly toAdd: (variable: string) => string;
};

export async function loadScenarios(reading: Reading): Promise<readonly FoundScenario[]> {
  const { findings, folder, document } = reading;
  const globs = scenarioGlobs(reading.raw.scenarios);
  const files = await findFiles({
    findings,
    folder,
    document,
    patterns: globs.map(({ pattern }) => pattern),
    pathOf: (index) => globs[index]?.path ?? ['scenarios'],
  });
  const found: FoundScenario[] = [];
  const tools = makeOwnToolsReader(reading);
  const withFiles = makeFilesReader(reading);
  for (const { file: shown, pattern } of files) {
    const { path: namedIn, mapping } = globs[pattern]!;
    const source: ScenarioSource = {
      file: path.resolve(folder, shown),
      shown,
      folder,
      findings,
      namedAt: () => document.locate({ path: namedIn, part: 'value' }),
      mapping,
      seen: { columns: new Set(), fields: new Set(), isForeign: false },
    };
    const list = await readList(source);
    if (list === null) continue;
    if (mapping !== null && !isMapSound({ reading, source, path: mapping.path })) continue;
    const { locate } = list;
    const toAdd = (variable: string) => additionOf(source, { list, variable });
    for (const entry of list.scenarios)
      found.push({
        ...entry,
        scenario: withFiles({ entry, locate }, tools({ entry, locate })),
        locate,
        toAdd,
      });
  }
  const named = withMadeIds(found, findings);
  reportTwins(named, findings);
  if (files.length > 0 && found.length === 0 && !findings.hasErrors()) {
    const location = document.locate({ path: ['scenarios'], part: 'key' });
    const message = 'the scenario files hold no scenario';
    findings.add(location.file, () => ({ code: 'no-scenarios', message, location }));
  }
  return named;
}

/** The scenario with each file of its input by content; without any it is what it was. */
function makeFilesReader(
  reading: Reading,
): (at: { readonly entry: ScenarioEntry; readonly locate: Locate }, scenario: Scenario) => Scenario {
  const read = mediaReader(reading);
  return ({ entry, locate }, scenario) => {
    if (typeof scenario.input === 'string') return scenario;
    const input = read(scenario.input, {
      file: scenario.source.file,
      locate: (path) => locate(entry.index, { path, part: 'value' }),
      base: ['input'],
      isOfParts: entry.isOfParts,
    });
    // What is wrong was said, and leads to nothing else that is.
    return input === scenario.input ? scenario : { ...scenario, input: input ?? '' };
  };
}

function additionOf(
  { mapping, shown }: ScenarioSource,
  input: { readonly list: ScenarioList; readonly variable: string },
): string {
  const name = JSON.stringify(input.variable);
  if (mapping !== null) return `add it to the map: vars: { ${name}: COLUMN }`;
  if (!/\.[ct]sv$/i.test(shown)) return 'add it under "vars:", or to the defaults of the file';
  const column = input.list.isPromptfoo === true ? name : JSON.stringify(`vars.${input.variable}`);
  return `add a column ${column} to ${shown}`;
}

/** A column that no row has is a typing mistake of the map, and one mistake. */
function isMapSound(input: {
  readonly reading: Reading;
  readonly source: ScenarioSource;
  readonly path: JsonPath;
}): boolean {
  const { reading, source } = input;
  const { seen, shown, mapping } = source;
  // Nothing could be looked at.
  if (seen.columns.size === 0) return true;
  const missing = fieldsOf(mapping!.map).filter(({ path }) => !seen.fields.has(path.join('.')));
  const columns = [...seen.columns];
  const all = columns
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(', ');
  for (const { path: field, column } of missing) {
    const message = `no row of ${shown} has the column ${JSON.stringify(column)}, which the map reads as "${field.join('.')}"`;
    const guess = didYouMean(column, columns);
    const hint = `${guess === null ? '' : `${guess} `}${columns.length > 20 ? 'the first columns' : 'its columns'}: ${all}`;
    const place = [...input.path, ...field];
    say(reading, { path: place, code: 'unknown-column', message, hint });
  }
  if (/\.[ct]sv$/i.test(shown) && isPromptfoo(columns)) warnOfPrefixes(input);
  else if (mapping!.map.expect === undefined) warnOfExpectations(input, columns);
  return missing.length === 0;
}

/** Under a map `contains: bananas` is a text like any other. */
function warnOfPrefixes({ reading, source, path: place }: Parameters<typeof isMapSound>[0]): void {
  say(reading, {
    path: place,
    severity: 'warning',
    code: 'mapped-promptfoo',
    message: `${source.shown} is a table of promptfoo, and a map reads "__expected" as a text, if at all: its prefixes (contains:, llm-rubric:) mean nothing`,
    hint: `leave the map out: scenarios: [${JSON.stringify(source.shown)}] reads its assertions, and every other column as a variable`,
  });
}

/** Left alone as any column that the map does not name, and nobody would see that nothing is judged by it. */
function warnOfExpectations(input: Parameters<typeof isMapSound>[0], columns: readonly string[]): void {
  const used = new Set(fieldsOf(input.source.mapping!.map).map(({ column }) => column));
  const [column] = expectationColumns(columns).filter((name) => !used.has(name));
  if (column === undefined) return;
  say(input.reading, {
    path: input.path,
    severity: 'warning',
    code: 'unmapped-expectation',
    message: `the column ${JSON.stringify(column)} of ${input.source.shown} looks like what is expected, and the map does not name it: nothing is judged by it`,
    hint: `add to the map: expect: { contains: ${JSON.stringify(column)} }   (or exact, numeric, judge, ...)`,
  });
}

function reportTwins(found: readonly FoundScenario[], findings: Findings): void {
  const first = new Map<string, FoundScenario>();
  for (const scenario of found) {
    const twin = first.get(scenario.scenario.id);
    if (twin) reportTwin({ findings, scenario, twin });
    else first.set(scenario.scenario.id, scenario);
  }
}

export type FilesRequest = {
  readonly patterns: readonly (string | undefined)[];
  readonly folder: string;
  readonly document: ParsedDocument;
  readonly findings: Findings;
  /** Where a pattern stands in the manifest. */
  readonly pathOf: (index: number) => JsonPath;
};

/** Files by pattern in the order of the manifest, by path within a pattern. */
export async function findFiles(
  request: FilesRequest,
): Promise<readonly { readonly file: string; readonly pattern: number }[]> {
  const { patterns, folder } = request;
  for (const [index, pattern] of patterns.entries()) {
    const problem = pattern === undefined ? null : globProblem(pattern);
    if (problem !== null)
      reportPattern({
        request,
        index,
        message: `the pattern ${JSON.stringify(pattern)} ${problem}`,
        hint: null,
      });
  }
  const matches = await findMatches({ patterns, folder });
  for (const { pattern, found } of matches) {
    if (found) continue;
    const written = patterns[pattern]!;
    const hint = emptyHint(written, folder);
    reportPattern({ request, index: pattern, message: `${JSON.stringify(written)} matches no file`, hint });
  }
  if (matches.length === 0 && patterns.length > 0 && patterns.every((pattern) => pattern?.startsWith('!'))) {
    const message = 'every pattern excludes; nothing is left to include';
    reportPattern({
      request,
      index: 0,
      message,
      hint: 'for example: ["scenarios/**/*.yaml", "!scenarios/drafts/**"]',
    });
  }
  return matches.flatMap(({ pattern, paths }) => paths.map((file) => ({ file, pattern })));
}

/** A folder is named where its files are meant: the usual mistake. */
function emptyHint(pattern: string, folder: string): string {
  if (/^[^*?{}[\]!]+\.[A-Za-z0-9]+$/.test(pattern))
    return missingFileHint({ file: path.resolve(folder, pattern), shown: pattern });
  if (/\.[A-Za-z0-9]+$/.test(pattern)) return "patterns are relative to the manifest's folder";
  return `for all scenario files of a folder: ${JSON.stringify(`${pattern.replace(/\/+$/, '')}/**/*.yaml`)}`;
}

function reportPattern(input: {
  request: FilesRequest;
  index: number;
  message: string;
  hint: string | null;
}): void {
  const { request, index, message, hint } = input;
  const location = request.document.locate({ path: request.pathOf(index), part: 'value' });
  request.findings.add(location.file, () => ({ code: 'empty-glob', message, hint, location }));
}

const EXTENSIONS = ['.yaml', '.yml', '.json', '.jsonl', '.ndjson', '.csv', '.tsv'];

async function readList(source: ScenarioSource): Promise<ScenarioList | null> {
  const extension = path.extname(source.file).toLowerCase();
  switch (extension) {
    case '.yaml':
    case '.yml':
      return readScenarioFile(source);
    case '.json':
      return formOf(source.file) === 'lines' ? readLines(source) : readScenarioFile(source);
    case '.jsonl':
    case '.ndjson':
      return formOf(source.file) === 'document' ? readScenarioFile(source, 'json') : readLines(source);
    case '.csv':
    case '.tsv': {
      const { readCsv } = await import('./csv.ts');
      return readCsv(source);
    }
    default:
      reportForm(source, extension);
      return null;
  }
}

async function readLines(source: ScenarioSource): Promise<ScenarioList | null> {
  const { readJsonl } = await import('./jsonl.ts');
  return readJsonl(source);
}

const PACKED: { readonly [extension: string]: string | undefined } = {
  '.gz': 'unpack it: gunzip -k',
  '.zst': 'unpack it: zstd -d',
  '.zip': 'unpack it',
  '.xlsx': 'save the sheet as CSV (UTF-8)',
  '.parquet': 'write it as JSONL or CSV',
};

function reportForm(source: ScenarioSource, extension: string): void {
  const { findings, shown } = source;
  const location = source.namedAt();
  const isFolder = statSync(source.file, { throwIfNoEntry: false })?.isDirectory() === true;
  const message = isFolder
    ? `${shown} is a folder, not a file`
    : `${shown} is no scenario file (${EXTENSIONS.join(', ')})`;
  findings.add(location.file, () => ({
    code: isFolder ? 'not-a-file' : 'unknown-format',
    message,
    location,
    hint: isFolder
      ? emptyHint(shown, source.folder)
      : (PACKED[extension] ??
        didYouMean(extension, EXTENSIONS) ??
        `name the kind of file in the pattern, or exclude this one: "!${shown}"`),
  }));
}

function reportTwin(input: { findings: Findings; scenario: FoundScenario; twin: FoundScenario }): void {
  const { findings, scenario, twin } = input;
  findings.add(
    scenario.scenario.source.file,
    () => ({
      code: 'duplicate-id',
      message: `the id ${JSON.stringify(scenario.scenario.id)} is there twice`,
      location: scenario.locate(scenario.index, ID),
      hint: 'ids are unique in the experiment',
      related: [{ message: 'the first is here', location: twin.locate(twin.index, ID) }],
    }),
    'duplicate-id',
  );
}

const ID = { path: ['id'], part: 'value' } as const;
