// Scorers of the package autoevals that call no model. The only file that knows it; from its package it costs a third of a second and
// 35 MB to load, so it is loaded where a manifest asks for it.
import type { Json } from '../../core/json.ts';
import type { Check, JudgedOutput } from '../../core/scoring.ts';
import { CannotJudge, type MatchResult } from '../reading/match-result.ts';
import { jsonOf } from '../reading/parse-json.ts';
import { lastNumber } from './numeric.ts';
import { AUTOEVALS } from './rules.ts';
import { withinTime } from './time-limit.ts';
import { quote, show } from './words.ts';

type Asked = Extract<Check, { kind: 'autoevals' }>;
type Scorer = (args: { readonly [name: string]: unknown }) => Promise<Answered> | Answered;
type Answered = { readonly score: number | null; readonly error?: unknown };

/** @throws CannotJudge where it gives no score. */
export async function holdAutoevals(check: Asked, output: JudgedOutput): Promise<MatchResult> {
  const { scorer, expected, options } = check;
  const given = givenTo(check, output.text);
  if (given.kind === 'none') return { score: 0, reason: `${scorer}: ${given.reason}` };
  const size = textSize(given.output) * textSize(expected);
  // They compare by edit distance, in time that is the product of both lengths.
  if (size > MAX_PRODUCT)
    throw new CannotJudge(`${scorer} of autoevals is too slow for texts of this length`);
  const library = (await import('autoevals')) as unknown as { readonly [name: string]: Scorer };
  const score = await scoreOf(library[scorer]!, {
    ...options,
    output: given.output,
    expected,
    ...(AUTOEVALS[scorer] === 'schema' && expected !== null ? { schema: expected } : {}),
  });
  return {
    score,
    reason: `${scorer} ${round(score)}: ${expected === null ? '' : `expected ${show(expected)}, `}found ${show(given.output)}`,
  };
}

const MAX_PRODUCT = 25_000_000;

async function scoreOf(scorer: Scorer, args: { readonly [name: string]: unknown }): Promise<number> {
  let answered: Answered;
  try {
    // A schema may hold a pattern that never ends.
    answered = await withinTime(() => scorer(args));
  } catch (error) {
    if (error instanceof CannotJudge) throw error;
    throw new CannotJudge(`autoevals failed: ${(error as Error).message}`, { cause: error });
  }
  const { score } = answered;
  if (typeof score === 'number' && score >= 0 && score <= 1) return score;
  throw new CannotJudge(`autoevals gave no score between 0 and 1: ${String(score)}`);
}

type Given =
  | { readonly kind: 'some'; readonly output: Json }
  | { readonly kind: 'none'; readonly reason: string };

/** The answer as the scorer takes it; an answer that is no such thing is a zero with its reason. */
function givenTo({ scorer, expected }: Asked, text: string): Given {
  switch (AUTOEVALS[scorer]!) {
    case 'number': {
      const number = lastNumber(text);
      return number === null ? none(`no number in ${quote(text)}`) : { kind: 'some', output: number };
    }
    case 'list': {
      const list = listOf(text);
      return list === null ? none(`no list of texts in ${quote(text)}`) : { kind: 'some', output: list };
    }
    case 'json': {
      if (typeof expected === 'string') return { kind: 'some', output: text };
      const json = jsonOf(text);
      return json === undefined
        ? none(`expected JSON, found ${quote(text)}`)
        : { kind: 'some', output: json };
    }
    case 'text':
    case 'schema':
      return { kind: 'some', output: text };
  }
}

function none(reason: string): Given {
  return { kind: 'none', reason };
}

/** A JSON list of texts, or lines; a mark of a list at their beginning is left out. */
function listOf(text: string): readonly string[] | null {
  const json = jsonOf(text);
  if (json !== undefined) {
    return Array.isArray(json) && json.every((item) => typeof item === 'string') ? json : null;
  }
  const lines = text.split('\n').map((line) => line.trim().replace(/^(?:[-*•]|\d{1,4}[.)])\s+/, ''));
  const items = lines.filter((line) => line !== '');
  return items.length > MAX_ITEMS ? null : items;
}

/** They pair items in time that is cubic in their number. */
const MAX_ITEMS = 200;

function textSize(value: Json): number {
  return typeof value === 'string' ? value.length : JSON.stringify(value).length;
}

function round(score: number): string {
  return String(Math.round(score * 1000) / 1000);
}
