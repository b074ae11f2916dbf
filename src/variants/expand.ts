// A matrix becomes variants, and a variant's name becomes the start of its file names. Pure.
import { sha256 } from '../core/canonical.ts';
import type { Json } from '../core/json.ts';

export type Axes = { readonly [axis: string]: readonly Json[] };

/** One combination: its name and, by axis, the index of the value that it takes. */
export type Combination = { readonly name: string; readonly picks: { readonly [axis: string]: number } };

/** How many variants the axes make; look before expanding, products grow fast. */
export function matrixSize(axes: Axes): number {
  return Object.values(axes).reduce((size, values) => size * values.length, 1);
}

/** Every combination in the order of writing: the last axis turns fastest. No axes: the variant itself. */
export function expandMatrix(input: { readonly name: string; readonly axes: Axes }): readonly Combination[] {
  const names = Object.keys(input.axes);
  if (names.length === 0) return [{ name: input.name, picks: {} }];
  let combinations: { readonly labels: string; readonly picks: Combination['picks'] }[] = [
    { labels: '', picks: {} },
  ];
  for (const axis of names) {
    const labels = input.axes[axis]!.map((value, index) => `${axis}=${labelOf(value, index)}`);
    combinations = combinations.flatMap((so) =>
      labels.map((label, index) => ({
        labels: so.labels === '' ? label : `${so.labels},${label}`,
        picks: { ...so.picks, [axis]: index },
      })),
    );
  }
  return combinations.map(({ labels, picks }) => ({ name: `${input.name}[${labels}]`, picks }));
}

/** A folder listing stays readable, and no file system refuses the name with `_run1000.jsonl` behind it. */
const MAX_SLUG_CHARS = 100;

/**
 * The file-name-safe form of the name of a variant, or of `what` else: lower-case ASCII letters, digits, `-`, `_`, `.`, `=`.
 * Never empty, never hidden, never a way out of its folder. Where letters or digits are lost, as in a Cyrillic or
 * Chinese name, eight hex digits of the name's digest keep two such names apart.
 */
export function slugOf(name: string, what = 'variant'): string {
  const normal = name.normalize('NFC').toLowerCase();
  const safe = normal.replace(/[^a-z0-9_.=-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  const digest = sha256(normal).slice(0, 8);
  if (safe === '') return `${what}-${digest}`;
  const lossy = /[^\x00-\x7f]/.test(normal) && /[\p{L}\p{N}]/u.test(normal.replace(/[\x00-\x7f]/g, ''));
  if (!lossy && safe.length <= MAX_SLUG_CHARS) return safe;
  return `${safe.slice(0, MAX_SLUG_CHARS - 9)}-${digest}`;
}

/** Longer values make no name: a prompt is named by its place in the list. */
const MAX_LABEL_CHARS = 60;

function labelOf(value: Json, index: number): string {
  if (typeof value === 'object' && value !== null) return String(index);
  const text = String(value);
  return text === '' || text.length > MAX_LABEL_CHARS || /[\x00-\x1f\x7f-\x9f\u2028\u2029,[\]]/.test(text)
    ? String(index)
    : text;
}
