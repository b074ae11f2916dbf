// A result that was made elsewhere, in one form for all formats; null = the file does not say.

import type { Told } from '../answers/answer.ts';
import type { Digest } from '../core/brand.ts';
import { digestOf } from '../core/canonical.ts';
import type { JsonObject } from '../core/json.ts';
import type { FailureKind } from '../core/outcome.ts';
import type { RecordedToolCall, RecordedUsage, ScenarioResult } from '../core/record.ts';
import type { Result } from '../core/result.ts';
import type { Part } from '../core/task.ts';

export const FORMATS = ['jsonl', 'json', 'csv', 'inspect', 'promptfoo', 'expgraph', 'mixed'] as const;
/** What the engine's part is of a record that was imported. */
export function importedEngine(format: ImportFormat): Part {
  const content = { type: 'imported', format };
  return { part: 'engine', digest: digestOf(content), content };
}

/** Digests of the engines' parts by which imported records are found. */
export const IMPORTED_ENGINES: readonly Digest[] = FORMATS.map((format) => importedEngine(format).digest);

export type ImportFormat = (typeof FORMATS)[number];

/** What a file says of an answer, as everybody's answers are told. */
type AsTold = Pick<
  Told,
  | 'category'
  | 'finishReason'
  | 'refusal'
  | 'prompt'
  | 'system'
  | 'costUsd'
  | 'model'
  | 'servedModel'
  | 'provider'
  | 'temperature'
  | 'seed'
  | 'startedAt'
  | 'latencyMs'
>;

export type Imported = AsTold & {
  readonly variant: string;
  readonly scenario: string;
  /** From 1; null = the n-th result of a variant and scenario in the file is its run n. */
  readonly run: number | null;
  /** null = it failed without an answer. */
  readonly text: string | null;
  readonly toolCalls: readonly RecordedToolCall[];
  /** What the model added to the conversation, where the file tells it. */
  readonly outputMessages: readonly JsonObject[];
  readonly error: { readonly kind: FailureKind; readonly message: string } | null;
  readonly messages: readonly JsonObject[];
  readonly usage: RecordedUsage | null;
  /** Kept beside the answer: for example what was scored elsewhere. */
  readonly properties: JsonObject | null;
  /** What the file does not tell; of what it tells to be left out, null says so. */
  readonly unknown: readonly Untold[];
  /** A record of ours: what the fields above have no place for, as it stands there. */
  readonly own?: ScenarioResult;
};

export type Untold = NonNullable<ScenarioResult['unknown']>[number];
export const UNTOLD: readonly Untold[] = ['input', 'model', 'temperature', 'seed', 'system'];

/** Of a file that says nothing of what was left out: what it does not name is not known. */
export function untoldOf(input: {
  readonly prompt: string | null;
  readonly messages: readonly JsonObject[];
  readonly model: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly system: string | null;
}): readonly Untold[] {
  const untold: Untold[] = [];
  if (input.prompt === null && input.messages.length === 0) untold.push('input');
  if (input.model === null) untold.push('model');
  if (input.temperature === null) untold.push('temperature');
  if (input.seed === null) untold.push('seed');
  // Messages without a system prompt tell that there was none.
  if (input.system === null && input.messages.length === 0) untold.push('system');
  return untold;
}

/**
 * Names are NFC as all of ours are, in whatever form the file has them: how an accent is encoded is no second variant.
 * Every importer's results come by here.
 */
export function inNfc(result: Imported): Imported {
  const { variant, scenario, category } = result;
  return {
    ...result,
    variant: variant.normalize('NFC'),
    scenario: scenario.normalize('NFC'),
    category: category?.normalize('NFC') ?? null,
  };
}

/** One result of a file, or everything that is wrong with it. `place` is for people: `results.jsonl:7`. */
export type Item = { readonly place: string; readonly result: Result<Imported, readonly string[]> };

/** How the user says what is what. */
export type Mapping = {
  /** Ours -> a dotted path in theirs. */
  readonly fields: { readonly [ours: string]: string };
  /** Scores that come with the answers: the name by which they are kept -> a dotted path in theirs. */
  readonly scores?: { readonly [name: string]: string };
  /** What the first run is called in the file. */
  readonly runsFrom: number;
  /** One variant for everything in the file; null = the file says it. */
  readonly variant: string | null;
  /** Variants of the manifest: of several names that would do, theirs come first. */
  readonly known: ReadonlySet<string>;
  /** Scenarios of the manifest by the digest of their variables, where no two have the same. */
  readonly asked?: ReadonlyMap<string, string>;
};
