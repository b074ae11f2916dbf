// "Found in A, not in B" is no finding about A and B: whether their differences differ is a question of its own. Pure.

import type { Interaction } from '../statistics/interaction.ts';
import { formatPWords } from './numbers.ts';

const LEVEL = 0.05;
const MAX_NAMED = 3;

/** Said where it would be read: something was found in one category, and in another it was not. */
export function interactionWords(
  interaction: Interaction | null,
  input: {
    readonly found: readonly string[];
    readonly notFound: readonly string[];
    readonly signs: string;
  },
): { readonly can: readonly string[]; readonly cannot: readonly string[] } {
  if (interaction === null || input.found.length === 0 || input.notFound.length === 0)
    return { can: [], cannot: [] };
  const [found, others] = [namesWords(input.found), namesWords(input.notFound)];
  const p = `${formatPWords(interaction.p)}${input.signs}`;
  if (interaction.p < LEVEL) {
    return {
      can: [
        `How the arms differ is not the same in all of these ${interaction.groups} categories (${p}, scenarios dealt out to them by chance).`,
      ],
      cannot: [],
    };
  }
  return {
    can: [],
    cannot: [
      `Found in ${found} and not in ${others} does not say that these differ: scenarios dealt out to the categories by chance lie apart as far (${p}).`,
    ],
  };
}

function namesWords(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return names.slice(0, MAX_NAMED).join(', ') + more;
}
