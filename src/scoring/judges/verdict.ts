// Reads a verdict out of what a judge answered, own code returned or a program printed. Anybody's data: checked, bounded.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { rawNumber } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Verdict } from '../../core/scoring.ts';
import { mend, plainJson } from '../../core/untrusted-json.ts';
import { CannotJudge } from '../reading/match-result.ts';
import { jsonValues } from '../reading/parse-json.ts';
import { type Place, readWinner } from './pairwise.ts';

const MAX_REASON = 2_000;
const MAX_LABEL = 200;
const MAX_DETAILS = 16_000;

export type VerdictOf = {
  readonly passAt: number;
  /** Score by category; null or absent = a score is wanted, a category is welcome. */
  readonly choices?: { readonly [label: string]: number } | null;
  /** Of a pairwise judge: where the answer that is judged stands. */
  readonly own?: Place;
};

/** A judge's text: JSON, JSON in a fenced block, or JSON between words. */
export function readJudgement(text: string, input: VerdictOf): Result<Verdict, string> {
  const values = judgedValues(text);
  if (values.kind === 'err') return values;
  const read = values.value.map((value) =>
    input.own ? readWinner(value, input.own) : readVerdict(value, input),
  );
  const [first, ...more] = read.filter((one) => one.kind === 'ok');
  if (first === undefined) return read.at(-1) ?? err(`the judge answered no JSON: ${text.slice(0, 200)}`);
  const said = ({ score, passed, label }: Verdict): string => JSON.stringify([score, passed, label]);
  if (more.some(({ value }) => said(value) !== said(first.value)))
    return err('the judge answered several verdicts, which differ');
  return first;
}

function judgedValues(text: string): Result<readonly Json[], string> {
  try {
    return ok(jsonValues(text));
  } catch (error) {
    if (error instanceof CannotJudge) return err(`the verdict cannot be read: ${error.message}`);
    throw error;
  }
}

/**
 * `{score, passed?, label?, reason?, details?}`, a number, or true and false.
 * @returns err: what is wrong with it
 */
export function readVerdict(value: unknown, input: VerdictOf): Result<Verdict, string> {
  // Before JSON makes null of it: a score that is no number is no absent one.
  const raw = isJsonObject(value) ? value.score : value;
  const inexact = rawNumber(raw);
  const asked = inexact === null ? raw : Number(inexact);
  if (typeof asked === 'number' && !Number.isFinite(asked)) return err(badScore(asked));
  const read = plainJson(value ?? null);
  const mended = read.kind === 'ok' ? mend(read.value) : read;
  if (mended.kind === 'err') return err(`the verdict ${mended.error}`);
  const plain = mended.value;
  const told = typeof plain === 'number' || typeof plain === 'boolean' ? { score: Number(plain) } : plain;
  if (!isJsonObject(told)) return err('a verdict is an object with "score" (0..1) or "label"');
  const { score, passed, label, reason, details } = told as { readonly [name: string]: Json };
  if (label !== undefined && label !== null && (typeof label !== 'string' || label.length > MAX_LABEL)) {
    return err(`"label" of a verdict is a text of at most ${MAX_LABEL} characters`);
  }
  if (passed !== undefined && passed !== null && typeof passed !== 'boolean') {
    return err('"passed" of a verdict is true or false');
  }
  const number = scoreOf({ score, label, passed }, input);
  if (number.kind === 'err') return number;
  if (number.value === null && label == null) return err('a verdict has a "score" (0..1) or a "label"');
  return ok({
    score: number.value,
    passed: passed ?? (number.value === null ? null : number.value >= input.passAt),
    ...(typeof passed === 'boolean' ? { saysPassed: true as const } : {}),
    label: label ?? null,
    reason: typeof reason === 'string' ? reason.slice(0, MAX_REASON).toWellFormed() : null,
    ...detailsOf(details),
  });
}

function scoreOf(
  told: {
    readonly score: Json | undefined;
    readonly label: Json | undefined;
    readonly passed: Json | undefined;
  },
  { choices }: VerdictOf,
): Result<number | null, string> {
  const { score, label, passed } = told;
  if (choices) {
    if (typeof label !== 'string' || !Object.hasOwn(choices, label)) {
      return err(
        `"label" is one of ${Object.keys(choices).join(', ')}, not ${JSON.stringify(label ?? null)}`,
      );
    }
    return ok(choices[label]!);
  }
  if (score === undefined || score === null) {
    return ok(typeof passed === 'boolean' ? Number(passed) : null);
  }
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
    return err(badScore(score));
  }
  return ok(score);
}

function badScore(score: Json): string {
  const shown = typeof score === 'number' ? String(score) : JSON.stringify(score);
  return `"score" of a verdict is a number from 0 to 1, not ${shown.slice(0, 100)}`;
}

function detailsOf(details: Json | undefined): { readonly details?: JsonObject } {
  if (details === undefined || !isJsonObject(details)) return {};
  return JSON.stringify(details).length > MAX_DETAILS ? {} : { details };
}
