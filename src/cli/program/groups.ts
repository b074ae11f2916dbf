// Which file declares which command: a command line that names one loads that one's file, any other loads them all.

import { isTopic } from '../../report/help/topics.ts';
import type { Wiring } from '../base.ts';

type Add = (to: Wiring) => void;
export type Group = { readonly names: readonly string[]; readonly load: () => Promise<Add> };

/** In the order of --help. */
export const GROUPS: readonly Group[] = [
  { names: ['run', 'plan', 'score'], load: async () => (await import('./work.ts')).addWork },
  { names: ['worker', 'queue'], load: async () => (await import('./queue.ts')).addQueue },
  { names: ['prices'], load: async () => (await import('./look.ts')).addPrices },
  { names: ['watch'], load: async () => (await import('./work.ts')).addWatch },
  {
    names: ['status', 'history', 'show', 'diff', 'variants', 'parity'],
    load: async () => (await import('./look.ts')).addLook,
  },
  { names: ['view'], load: async () => (await import('./view.ts')).addView },
  { names: ['log'], load: async () => (await import('./look.ts')).addLog },
  { names: ['compare'], load: async () => (await import('./compare.ts')).addCompare },
  { names: ['report'], load: async () => (await import('./report.ts')).addReport },
  { names: ['review'], load: async () => (await import('./review.ts')).addReview },
  { names: ['power'], load: async () => (await import('./compare.ts')).addPower },
  {
    names: ['fsck', 'gc', 'reindex', 'merge', 'batches'],
    load: async () => (await import('./keep.ts')).addKeep,
  },
  { names: ['import', 'export'], load: async () => (await import('./exchange.ts')).addExchange },
  { names: ['remote'], load: async () => (await import('./share.ts')).addRemote },
  { names: ['langsmith'], load: async () => (await import('./langsmith.ts')).addLangSmith },
  { names: ['init', 'schema', 'doctor', 'sim'], load: async () => (await import('./begin.ts')).addBegin },
  { names: ['help', 'completion', 'complete'], load: async () => (await import('./help.ts')).addHelp },
];

/** Help, completions, and words that are no command, are told of all of them. */
export function groupsFor(
  argv: readonly string[],
  { word, next }: { readonly word: string | null; readonly next: string | null },
): readonly Group[] {
  if (word === null) return argv.some((one) => one === '--version' || one === '-V') ? [] : GROUPS;
  if (WHOLE.includes(word) && !(word === 'help' && isTopic(next))) return GROUPS;
  const own = GROUPS.filter(({ names }) => names.includes(word));
  return own.length > 0 ? own : GROUPS;
}

/** They speak of all commands. */
const WHOLE = ['help', 'completion', 'complete'];
