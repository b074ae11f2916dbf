// Equality of JSON values: members in any order, text by what it shows (Unicode NFC), whole numbers beyond doubles by their
// digits. Depth is bounded before.
import type { Json } from '../../core/json.ts';
import { isDigitsOf, isMeantBy } from './long-digits.ts';

/** `a` is what is there, `b` what is expected: that is where `1e23` and its digits are one number. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return a === b || a.normalize('NFC') === b.normalize('NFC');
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b || isMeantBy(a, b) || isDigitsOf(b, a);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalLists(a, b);
  const left = a as { readonly [name: string]: Json | undefined };
  const right = b as { readonly [name: string]: Json | undefined };
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equal(left[name], right[name]))
  );
}

function equalLists(a: readonly Json[], b: readonly Json[]): boolean {
  return a.length === b.length && a.every((item, n) => equal(item, b[n]));
}

/** Lists that are equal in some order. */
export function sameItems(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((item) => {
    const at = left.findIndex((other) => equal(item, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** Case is ignored, white space counts as one blank. */
export function fold(text: string): string {
  return oneBlank(text.normalize('NFC').toLowerCase());
}

/** White space counts as one blank, and as none at the ends. Blanks that stand alone are left: most of a text is that. */
export function oneBlank(text: string): string {
  return text.replace(/[^\S ]\s*| \s+/g, ' ').trim();
}
