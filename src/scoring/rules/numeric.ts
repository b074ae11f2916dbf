// The answer's number, held against the one that is expected.
import type { Check } from '../../core/scoring.ts';
import {
  type Decimal,
  decimalOf,
  distance,
  isLong,
  isSame,
  numberOf,
  showDecimal,
} from '../reading/decimal.ts';
import { type Answer, CannotJudge, type MatchResult, matchResult } from '../reading/match-result.ts';
import { answerNumber } from '../reading/numbers.ts';
import { quote } from './words.ts';

type Numeric = Extract<Check, { kind: 'numeric' }>;

/** @throws CannotJudge where it is right in one reading and wrong in another */
export function holdNumeric(check: Numeric, { output }: Answer): MatchResult {
  const wanted = decimalOf(check.digits ?? String(check.value))!;
  const room = Math.max(check.tolerance, check.relative * Math.abs(check.value));
  const shown = room === 0 ? showDecimal(wanted) : `${showDecimal(wanted)} ± ${room}`;
  const { value, others, rivals, swapped } = answerNumber(output.text, check.locale);
  const isRight = (found: Decimal): boolean => isWithin(found, { wanted, room });
  const holds = value !== null && isRight(value);
  const rival = rivals.find((one) => isRight(one) !== holds);
  const other = rival ?? (holds ? undefined : others.find(isRight));
  if (other !== undefined) {
    const one = value === null ? 'no number' : showDecimal(value);
    throw new CannotJudge(
      other === swapped
        ? `it is ${one} or ${showDecimal(other)}, and "locale: en" or "de" of numeric settles it; expected ${shown}: ${quote(output.text)}`
        : `expected ${shown}, and the answer may be read as ${one} or as ${showDecimal(other)}: ${quote(output.text)}; ${ADVICE}`,
    );
  }
  if (value === null)
    return matchResult(false, `expected ${shown}, found no number in ${quote(output.text)}`);
  return matchResult(
    holds,
    holds ? `found ${showDecimal(value)}` : `expected ${shown}, found ${showDecimal(value)}`,
  );
}

const ADVICE = '"locale" of numeric says how numbers are written, or ask for the number alone';

function isWithin(
  found: Decimal,
  { wanted, room }: { readonly wanted: Decimal; readonly room: number },
): boolean {
  if (isSame(found, wanted)) return true;
  if (isLong(found) || isLong(wanted)) {
    const apart = distance(found, wanted);
    if (apart !== null) return room > 0 && apart <= room;
  }
  const [a, b] = [numberOf(found), numberOf(wanted)];
  // 0.1 + 0.2 is 0.3 for whoever wrote the expectation.
  const slack = room + Number.EPSILON * Math.max(Math.abs(a), Math.abs(b)) * 4;
  return Math.abs(a - b) <= slack;
}

/** For whoever can say nothing of two readings: what it is taken for. */
export function lastNumber(text: string): number | null {
  const { value } = answerNumber(text);
  const number = value === null ? null : numberOf(value);
  return number !== null && Number.isFinite(number) ? number : null;
}
