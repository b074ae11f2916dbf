// What may be said of a dimension, in the order of the keys 1, 2, 3.
import type { ReviewProtocol } from '../core/review.ts';
import { SIDES } from './sides.ts';

export type Choice = { readonly name: string; readonly title: string; readonly anchor: string | null };

const TITLES = { left: 'Left is better', tie: 'No difference', right: 'Right is better' } as const;

export function choicesOf({ mode, labels }: ReviewProtocol): readonly Choice[] {
  if (mode === 'pair') return SIDES.map((name) => ({ name, title: TITLES[name], anchor: null }));
  return labels.map(({ name, anchor }) => ({ name, title: name.replaceAll('_', ' '), anchor }));
}
