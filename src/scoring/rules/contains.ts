// The answer holds these texts, one of those, and none of others. White space counts as one blank.
import type { Check } from '../../core/scoring.ts';
import { fold } from '../reading/equal.ts';
import { type Answer, type Holding, holding } from '../reading/match-result.ts';
import { quote } from './words.ts';

export function holdContains(check: Extract<Check, { kind: 'contains' }>, { output }: Answer): Holding {
  const normal = check.ignoreCase
    ? fold
    : (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim();
  const text = normal(output.text);
  const has = (part: string): boolean => text.includes(normal(part));
  const lacks = check.all.filter((part) => !has(part));
  const isAnyMissing = check.any.length > 0 && !check.any.some(has);
  const wrong = check.none.filter(has);
  if (lacks.length === 0 && !isAnyMissing && wrong.length === 0) {
    const there = [...check.all, ...check.any.filter(has).slice(0, 1)];
    return holding(true, there.length > 0 ? `holds ${list(there)}` : `holds none of ${list(check.none)}`);
  }
  const said = [
    ...(lacks.length > 0 ? [`lacks ${list(lacks)}`] : []),
    ...(isAnyMissing ? [`holds none of ${list(check.any)}`] : []),
    ...(wrong.length > 0 ? [`holds ${list(wrong)}, which it must not`] : []),
  ];
  return holding(false, `${said.join('; ')}; found ${quote(output.text)}`);
}

function list(parts: readonly string[]): string {
  const most = parts.slice(0, 5).map((part) => quote(part, 60));
  return most.join(', ') + (parts.length > 5 ? ` and ${parts.length - 5} more` : '');
}
