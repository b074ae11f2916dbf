// A line that a harness wrote of an answer -> the answer, with the line itself: when it is drawn, and whenever it is read again.
import { excerptOf } from '../../answers/answer.ts';
import { readingDigest } from '../../answers/reading.ts';
import { EMPTY_COMPLETION } from '../../core/completion.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Completion } from '../../core/outcome.ts';
import { mendObject } from '../../core/untrusted-json.ts';
import { NO_DEFAULTS, readTold } from '../programs/program-result.ts';

/** Of a line that its harness wrote, and how it is read. */
export type ItemLine = {
  readonly line: JsonObject;
  /** What is said once for it and for others; by our names. */
  readonly about: JsonObject;
  readonly fields: { readonly [ours: string]: string };
  /** Mapped names that no line had so far. */
  readonly unmapped: readonly string[];
};

/** @param name of its test, for words */
/** Never a failure: a line that cannot be read is kept, so that it can be once the mapping is mended. */
export function lineAnswer({ line, about, fields, unmapped }: ItemLine, name: string): Completion {
  const reading = { fields, about, setting: inManifest };
  const told = readTold(line, NO_DEFAULTS, reading);
  const kept = mendObject({ line, ...(Object.keys(about).length === 0 ? {} : { about }) });
  const properties = kept.kind === 'ok' ? { properties: kept.value } : {};
  const [missing] = unmapped;
  const wrong =
    missing !== undefined
      ? `${inManifest(missing, fields[missing]!)} matches no line`
      : told.kind === 'err'
        ? told.error.message
        : null;
  const completion = told.kind === 'ok' ? told.value : EMPTY_COMPLETION;
  return {
    ...completion,
    ...properties,
    reading: readingDigest(fields),
    ...(wrong === null
      ? {}
      : { unread: `${name}: ${wrong}: ${excerptOf(line)}`.slice(0, MAX_WORDS).toWellFormed() }),
  };
}

const MAX_WORDS = 2_000;

function inManifest(ours: string, theirs: string): string {
  return `collect: {fields: {${ours}: ${theirs}}}`;
}
