// Rules about the text of an answer and the way it ended: it is this text, holds these, matches a pattern, was cut off or refused.
import { endingOf } from '../../core/ending.ts';
import type { Check } from '../../core/scoring.ts';
import { fold, oneBlank } from '../reading/equal.ts';
import { type Answer, type MatchResult, matchResult } from '../reading/match-result.ts';
import { endingWords, isRefusal } from './ending-words.ts';
import { compilePattern } from './pattern.ts';
import { clip, quote } from './words.ts';

export function holdExact(check: Extract<Check, { kind: 'exact' }>, { output }: Answer): MatchResult {
  const normal = (text: string): string => {
    const lines = text.replace(/\r\n?/g, '\n').normalize('NFC');
    const trimmed = check.trim ? lines.trim() : lines;
    return check.ignoreCase ? trimmed.toLowerCase() : trimmed;
  };
  const holds = normal(output.text) === normal(check.text);
  return matchResult(
    holds,
    holds ? `is ${quote(check.text)}` : `expected ${quote(check.text)}, found ${quote(output.text)}`,
  );
}

export function holdContains(check: Extract<Check, { kind: 'contains' }>, { output }: Answer): MatchResult {
  const normal = check.ignoreCase ? fold : (text: string) => oneBlank(text.normalize('NFC'));
  const text = normal(output.text);
  const has = (part: string): boolean => text.includes(normal(part));
  const lacks = check.all.filter((part) => !has(part));
  const isAnyMissing = check.any.length > 0 && !check.any.some(has);
  const wrong = check.none.filter(has);
  if (lacks.length === 0 && !isAnyMissing && wrong.length === 0) {
    const there = [...check.all, ...check.any.filter(has).slice(0, 1)];
    return matchResult(true, there.length > 0 ? `holds ${list(there)}` : `holds none of ${list(check.none)}`);
  }
  const said = [
    ...(lacks.length > 0 ? [`lacks ${list(lacks)}`] : []),
    ...(isAnyMissing ? [`holds none of ${list(check.any)}`] : []),
    ...(wrong.length > 0 ? [`holds ${list(wrong)}, which it must not`] : []),
  ];
  return matchResult(false, `${said.join('; ')}; found ${quote(output.text)}`);
}

function list(parts: readonly string[]): string {
  const most = parts.slice(0, 5).map((part) => quote(part, 60));
  return most.join(', ') + (parts.length > 5 ? ` and ${parts.length - 5} more` : '');
}

export function holdRegex(check: Extract<Check, { kind: 'regex' }>, { output }: Answer): MatchResult {
  const match = compilePattern(check.pattern, check.flags).exec(output.text);
  const pattern = `/${clip(check.pattern, 120)}/`;
  const holds = (match !== null) === check.matches;
  if (match !== null) {
    const found = `${quote(match[0])} matches ${pattern}`;
    return matchResult(holds, holds ? found : `${found}, and nothing must`);
  }
  const found = `nothing matches ${pattern}`;
  return matchResult(holds, holds ? found : `${found}; found ${quote(output.text)}`);
}

export function holdFinish(
  { words }: Extract<Check, { kind: 'finish_reason' }>,
  { output }: Answer,
): MatchResult {
  const said = output.finish_reason;
  const found = said === null ? 'the provider said none' : `found ${quote(said, 60)}`;
  const wanted = words.map((word) => quote(word, 60)).join(' or ');
  const holds = said !== null && words.some((word) => word.toLowerCase() === said.toLowerCase());
  return matchResult(
    holds,
    holds ? `ended with ${quote(said, 60)}` : `expected to end with ${wanted}, ${found}`,
  );
}

/** A filter's word is a refusal as well: whoever asked got no answer. */
export function holdRefused(
  { refused }: Extract<Check, { kind: 'refused' }>,
  { output }: Answer,
): MatchResult {
  const isRefused = isRefusal(output) || endingOf(output.finish_reason ?? '').kind === 'filtered';
  const words = output.refusal === undefined ? '' : `: ${quote(output.refusal)}`;
  const found = isRefused ? `${endingWords(output)}${words}` : 'the provider reported no refusal';
  return matchResult(
    isRefused === refused,
    isRefused === refused ? found : `expected ${refused ? 'a' : 'no'} refusal; ${found}`,
  );
}
