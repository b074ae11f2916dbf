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
  | 'response_format'
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
  input: { readonly arm: Combination; readonly name: SettingName },
): Setting {
  const { key, picks } = input.arm;
  const { raw, isSpoiled } = reading;
  const variant = raw.variants?.[key];
  const own = ['variants', key];
  const pick = Object.hasOwn(picks, input.name) ? picks[input.name] : undefined;
  if (pick !== undefined) {
    const value: unknown = variant?.matrix?.[input.name]?.[pick];
    return { kind: 'given', value, path: [...own, 'matrix', input.name, pick] };
  }
  if (isSpoiled([...own, 'matrix', input.name]) || isSpoiled([...own, input.name]))
    return { kind: 'spoiled' };
  const value = input.name === 'seed' ? undefined : variant?.[input.name];
  if (value !== undefined) return { kind: 'given', value, path: [...own, input.name] };
  if (isSpoiled([input.name])) return { kind: 'spoiled' };
  return raw[input.name] === undefined
    ? { kind: 'absent' }
    : { kind: 'given', value: raw[input.name], path: [input.name] };
}
