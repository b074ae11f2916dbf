// The manifest's `scenarios:` -> every scenario of every file, with ids that are unique in the experiment.
import path from 'node:path';
import type { Scenario } from '../core/manifest.ts';
import { findMatches, globProblem } from './files.ts';
import type { Findings } from './findings.ts';
import { didYouMean } from './nearest.ts';
import type { Locate, ScenarioList, ScenarioSource, WrittenIntents } from './origin.ts';
import type { JsonPath, ParsedDocument } from './place.ts';
import type { Reading } from './reading.ts';
import { readScenarioFile } from './scenario-file.ts';

export type FoundScenario = {
  readonly scenario: Scenario;
  /** Its number in its file, for `locate`. */
  readonly index: number;
  readonly locate: Locate;
  /** False: neither it nor the defaults of its file say an input. */
  readonly hasInput: boolean;
  /** `expects_tools` of its file and its own, from the farther to the nearer. */
  readonly intents: readonly WrittenIntents[];
};

export async function loadScenarios(reading: Reading): Promise<readonly FoundScenario[]> {
  const { findings, folder, document, readYaml } = reading;
  const files = await findFiles({
    ...{ findings, folder, document },
    patterns: reading.raw.scenarios ?? [],
    at: ['scenarios'],
  });
  const found: FoundScenario[] = [];
  const first = new Map<string, FoundScenario>();
  for (const { file: shown, pattern } of files) {
    const namedAt = () => document.locate({ path: ['scenarios', pattern], part: 'value' });
    const source: ScenarioSource = {
      file: path.resolve(folder, shown),
      shown,
      folder,
      findings,
      readYaml,
      namedAt,
    };
    const list = await readList(source);
    if (list === null) continue;
    for (const entry of list.scenarios) {
      const scenario = { ...entry, locate: list.locate };
      const twin = first.get(entry.scenario.id.normalize('NFC'));
      if (twin) reportTwin({ findings, scenario, twin });
      else first.set(entry.scenario.id.normalize('NFC'), scenario);
      found.push(scenario);
    }
  }
  if (files.length > 0 && found.length === 0 && !findings.hasErrors()) {
    const location = document.locate({ path: ['scenarios'], part: 'key' });
    const message = 'the scenario files hold no scenario';
    findings.add(location.file, () => ({ code: 'no-scenarios', message, location }));
  }
  return found;
}

export type FilesRequest = {
  readonly patterns: readonly (string | undefined)[];
  readonly folder: string;
  readonly document: ParsedDocument;
  readonly findings: Findings;
  /** The list of patterns in the manifest. */
  readonly at: JsonPath;
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
    const hint = emptyHint(written);
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
function emptyHint(pattern: string): string {
  if (/\.[A-Za-z0-9]+$/.test(pattern)) return "patterns are relative to the manifest's folder";
  return `for all scenario files of a folder: ${JSON.stringify(`${pattern.replace(/\/+$/, '')}/**/*.yaml`)}`;
}

function reportPattern(at: {
  request: FilesRequest;
  index: number;
  message: string;
  hint: string | null;
}): void {
  const { request, index, message, hint } = at;
  const location = request.document.locate({ path: [...request.at, index], part: 'value' });
  request.findings.add(location.file, () => ({ code: 'empty-glob', message, hint, location }));
}

const EXTENSIONS = ['.yaml', '.yml', '.json', '.jsonl', '.ndjson', '.csv'];

async function readList(source: ScenarioSource): Promise<ScenarioList | null> {
  const extension = path.extname(source.file).toLowerCase();
  switch (extension) {
    case '.yaml':
    case '.yml':
    case '.json':
      return readScenarioFile(source);
    case '.jsonl':
    case '.ndjson': {
      const { readJsonl } = await import('./scenario-jsonl.ts');
      return readJsonl(source);
    }
    case '.csv': {
      const { readCsv } = await import('./scenario-csv.ts');
      return readCsv(source);
    }
    default: {
      const location = source.namedAt();
      source.findings.add(location.file, () => ({
        ...{
          code: 'unknown-format',
          message: `${source.shown} is no scenario file (${EXTENSIONS.join(', ')})`,
          location,
        },
        hint:
          didYouMean(extension, EXTENSIONS) ??
          `name the kind of file in the pattern, or exclude this one: "!${source.shown}"`,
      }));
      return null;
    }
  }
}

function reportTwin(at: { findings: Findings; scenario: FoundScenario; twin: FoundScenario }): void {
  const { findings, scenario, twin } = at;
  findings.add(scenario.scenario.source.file, () => ({
    code: 'duplicate-id',
    message: `the id ${JSON.stringify(scenario.scenario.id)} is there twice`,
    location: scenario.locate(scenario.index, ID),
    hint: 'ids are unique in the experiment',
    related: [{ message: 'the first is here', location: twin.locate(twin.index, ID) }],
  }));
}

const ID = { path: ['id'], part: 'value' } as const;
