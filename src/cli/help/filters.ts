// How filters choose, with the options as they are declared.
import { Program, withFilters } from '../base.ts';

/** In the order of --help. */
export function filterRows(): readonly { readonly flags: string; readonly means: string }[] {
  return withFilters(new Program())
    .options.filter(({ long }) => long !== '--file')
    .map(({ flags, description }) => ({ flags, means: description }));
}

export const FILTER_WORDS = [
  'A task is one variant, one scenario, one run. A filter is a glob over names: * is any text, ? one character, so quote it for the shell. A filter given twice means either; different filters mean both.',
  'What is left out stays as it is: no filter deletes or changes a record. A filter that matches nothing is a mistake, and says which names there are.',
] as const;

export const FILTER_EXAMPLES = [
  "expgraph run --scenario 'ambiguous:*' --variant applike",
  'expgraph run --runs 1,3-5',
  'expgraph run --failed',
] as const;
