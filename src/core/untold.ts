// What nobody told of a draw is another thing than what is known to have been left out of its request. Pure.
import type { ScenarioResult } from './record.ts';

export type Untold = NonNullable<ScenarioResult['unknown']>[number];

export function isUntold({ unknown }: Pick<ScenarioResult, 'unknown'>, what: Untold): boolean {
  return unknown?.includes(what) ?? false;
}

/** `0.2`, `not sent`, or `unknown` where nobody told it. */
export function settingWords(
  record: Pick<ScenarioResult, 'unknown' | 'temperature' | 'seed'>,
  name: 'temperature' | 'seed',
): string {
  if (isUntold(record, name)) return 'unknown';
  const value = record[name];
  return value === null ? 'not sent' : String(value);
}

/** null = it is not known which was asked for: nobody told it, or the name only says that none was declared. */
export function modelAsked(record: Pick<ScenarioResult, 'unknown' | 'model' | 'provider'>): string | null {
  const { model, provider } = record;
  const isNamed = model !== '' && !(model === 'none' && provider === 'none');
  return isNamed && !isUntold(record, 'model') ? model : null;
}
