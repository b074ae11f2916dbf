// Where a variant's setting comes from: its combination of the matrix, itself, the top level.
import type { JsonPath } from '../errors/place.ts';
import type { Reading } from '../reading.ts';

export type SettingName =
  | 'provider'
  | 'model'
  | 'temperature'
  | 'max_output_tokens'
  | 'params'
  | 'system'
  | 'template'
  | 'tools'
  | 'max_turns'
  | 'salt'
  | 'mcp'
  | 'pytest'
  | 'runs'
  | 'seed';

export type Setting =
  | { readonly kind: 'given'; readonly value: unknown; readonly path: JsonPath }
  | { readonly kind: 'absent' }
  /** Written, but wrongly: whoever asks must neither use nor miss it. */
  | { readonly kind: 'spoiled' };

/** One combination of one variant. */
export type Combination = {
  /** The name under `variants:`. */
  readonly key: string;
  readonly picks: { readonly [axis: string]: number };
};

export function findSetting(
  reading: Reading,
  at: { readonly arm: Combination; readonly name: SettingName },
): Setting {
  const { key, picks } = at.arm;
  const { raw, isSpoiled } = reading;
  const variant = raw.variants?.[key];
  const own = ['variants', key];
  const pick = Object.hasOwn(picks, at.name) ? picks[at.name] : undefined;
  if (pick !== undefined) {
    const value: unknown = variant?.matrix?.[at.name]?.[pick];
    return { kind: 'given', value, path: [...own, 'matrix', at.name, pick] };
  }
  if (isSpoiled([...own, 'matrix', at.name]) || isSpoiled([...own, at.name])) return { kind: 'spoiled' };
  const value = at.name === 'seed' ? undefined : variant?.[at.name];
  if (value !== undefined) return { kind: 'given', value, path: [...own, at.name] };
  if (isSpoiled([at.name])) return { kind: 'spoiled' };
  return raw[at.name] === undefined
    ? { kind: 'absent' }
    : { kind: 'given', value: raw[at.name], path: [at.name] };
}
