// What doctor prints: a line for each check, and below it what to do. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import type { TextOptions } from '../../text/table.ts';

type Check = {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'off';
  readonly found: string;
  readonly advice: string | null;
};

export function checksText(checks: readonly Check[], options: Pick<TextOptions, 'colors'>): string {
  const colors = makeColors(options.colors);
  const width = Math.max(...checks.map(({ name }) => name.length));
  let text = '';
  for (const { name, state, found, advice } of checks) {
    const line = `${state === 'off' ? '-'.padEnd(7) : state.padEnd(7)}  ${name.padEnd(width)}  ${sanitizeLine(found)}`;
    text += `${state === 'off' ? colors.dim(line) : line}\n`;
    if (advice !== null) text += `${''.padEnd(11 + width)}-> ${sanitizeLine(advice)}\n`;
  }
  return text;
}
