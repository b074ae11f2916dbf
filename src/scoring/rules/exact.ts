// The answer is this text.
import type { Check } from '../../core/scoring.ts';
import { type Answer, type Holding, holding } from '../reading/match-result.ts';
import { quote } from './words.ts';

export function holdExact(check: Extract<Check, { kind: 'exact' }>, { output }: Answer): Holding {
  const normal = (text: string): string => {
    const lines = text.replace(/\r\n?/g, '\n').normalize('NFC');
    const trimmed = check.trim ? lines.trim() : lines;
    return check.ignoreCase ? trimmed.toLowerCase() : trimmed;
  };
  const holds = normal(output.text) === normal(check.text);
  return holding(
    holds,
    holds ? `is ${quote(check.text)}` : `expected ${quote(check.text)}, found ${quote(output.text)}`,
  );
}
