// What is asked again although nobody edited anything: keys hold more than they did. One sentence, with the reason. Pure.
import type { Plan } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';

/** Cells, or scores, of one arm or scorer, and what version 1 of their keys did not hold. */
export type AskedAgain = { readonly name: string; readonly forgot: readonly string[] };

export function drawnAgain(plan: Pick<Plan, 'pending'>): readonly AskedAgain[] {
  return plan.pending.flatMap(({ variant, state }) =>
    state.kind === 'pending' && state.reason.kind === 'stale' && state.reason.forgot
      ? [{ name: variant, forgot: state.reason.forgot }]
      : [],
  );
}

/** `60 cells of legacy are drawn again: version 1 of their keys did not hold the paths of code`; null = there is none. */
export function askedAgainSentence(
  all: readonly AskedAgain[],
  words: { readonly one: string; readonly done: string } = { one: 'cell', done: 'drawn' },
): string | null {
  if (all.length === 0) return null;
  const groups = new Map<string, { readonly names: Set<string>; count: number }>();
  for (const { name, forgot } of all) {
    const id = forgottenWords(forgot);
    const group = groups.get(id) ?? { names: new Set(), count: 0 };
    groups.set(id, group);
    group.names.add(name);
    group.count++;
  }
  const parts = [...groups].map(([what, { names, count }], i) => {
    const verb = i > 0 ? '' : ` ${count === 1 ? 'is' : 'are'} ${words.done} again`;
    if (isOutgrown(what)) return `${formatAmount(count, words.one)} of ${namesOf(names)}${verb}: ${what}`;
    const why =
      i > 0 ? ' because of' : `: version 1 of ${count === 1 ? 'its key' : 'their keys'} did not hold`;
    return `${formatAmount(count, words.one)} of ${namesOf(names)}${verb}${why} ${what}`;
  });
  return parts.join('; ');
}

const OUTGROWN_TESTS =
  'their keys held every file of the tests whole, and hold now what each variant reaches and each scenario is given';

const OUTGROWN_SYSTEM =
  'the placeholders in their "system" were sent as they stand until now, and are filled from each scenario now';

const OUTGROWN_LABELS =
  'their keys held thresholds and the order of labels, beside a secret that was taken out of what is kept';

function isOutgrown(what: string): boolean {
  return what === OUTGROWN_TESTS || what === OUTGROWN_SYSTEM || what === OUTGROWN_LABELS;
}

const MAX_NAMES = 4;

function namesOf(names: ReadonlySet<string>): string {
  const all = [...names].map(sanitizeLine);
  if (all.length <= MAX_NAMES) return all.join(', ');
  return `${all.slice(0, MAX_NAMES - 1).join(', ')} and ${all.length - MAX_NAMES + 1} more`;
}

const WORDS: { readonly [forgot: string]: string } = {
  'code-paths': 'the paths of code',
  'input-paths': 'the paths of inputs',
  'prepared-paths': 'the paths of prepared files',
  order: 'the order of JSON',
  variables: 'the variables that tool results read',
  query: "the query of an MCP server's address",
  headers: 'the headers that choose a model',
};

/** @param forgot as the cache says it; a word of a later version is shown as it is */
export function forgottenWords(forgot: readonly string[]): string {
  const outgrown = outgrownWords(forgot);
  if (outgrown !== null) return outgrown;
  const words = forgot.map((one) => WORDS[one] ?? sanitizeLine(one));
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What is said of keys that hold otherwise than they did; null = nothing was outgrown. */
export function outgrownWords(forgot: readonly string[]): string | null {
  if (forgot.includes('tests')) return OUTGROWN_TESTS;
  if (forgot.includes('labels')) return OUTGROWN_LABELS;
  return forgot.includes('system') ? OUTGROWN_SYSTEM : null;
}
