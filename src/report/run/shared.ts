// What went to a remote or came from it, in words. Pure.
import { bytesWords } from '../../core/media.ts';
import type { Brought } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { mendWords, type RefusedWords } from './refused.ts';

/** `3 invocations (120 records, 60 scores, 48 kB)` */
export function broughtWords({ invocations, records, scores, bytes }: Brought): string {
  const parts = [
    formatAmount(records, 'record'),
    ...(scores === 0 ? [] : [formatAmount(scores, 'score')]),
    bytesWords(bytes),
  ];
  return `${formatAmount(invocations, 'invocation')} (${parts.join(', ')})`;
}

type Pulled = { readonly remote: string; readonly pulled: PulledWords };
type PulledWords = Omit<Brought, 'invocations'> & { readonly invocations: readonly string[] };

export function pulledText({ remote, pulled }: Pulled): string {
  if (pulled.invocations.length === 0) return `nothing new at ${remote}\n`;
  return `pulled ${broughtWords(counted(pulled))} from ${remote}\n`;
}

export function pushedText({
  remote,
  pushed,
}: {
  readonly remote: string;
  readonly pushed: PulledWords;
}): string {
  if (pushed.invocations.length === 0) return `${remote} has all that is here\n`;
  return `pushed ${broughtWords(counted(pushed))} to ${remote}\n`;
}

/** null = it was not asked for. */
export function repairedText({
  remote,
  repaired,
}: {
  readonly remote: string;
  readonly repaired: RepairedWords | null;
}): string {
  if (repaired === null) return '';
  const { looked, lost, putBack } = repaired;
  const found =
    lost.length === 0 ? ': all as they were pushed' : `: ${formatCount(lost.length)} not as pushed`;
  return [
    `looked at ${formatAmount(looked, 'pack')} at ${remote}${looked === 0 ? '' : found}`,
    ...lost.map(({ n, why }) => `  entry ${n}: ${sanitizeLine(why)}`),
    ...putBack.map((n) => `  entry ${n}: was gone from the log, and was put back as it was`),
    '',
  ].join('\n');
}

type RepairedWords = {
  readonly looked: number;
  readonly lost: readonly { readonly n: number; readonly why: string }[];
  readonly putBack: readonly number[];
};

function counted({ invocations, ...rest }: PulledWords): Brought {
  return { ...rest, invocations: invocations.length };
}

export function remoteStatusText(status: {
  readonly remote: string;
  readonly entries: number;
  readonly toPull: Omit<Brought, 'bytes'>;
  readonly toPush: { readonly invocations: number };
  readonly push: boolean;
  readonly refused: readonly RefusedWords[];
  readonly broken: string | null;
}): string {
  const { remote, entries, toPull, toPush, push, refused, broken } = status;
  const there =
    toPull.invocations === 0
      ? 'nothing that is not here'
      : `${formatAmount(toPull.invocations, 'invocation')} (${formatAmount(toPull.records, 'record')}, ${formatAmount(toPull.scores, 'score')}): npx expgraph remote pull`;
  const here =
    toPush.invocations === 0
      ? 'nothing that is not there'
      : `${formatAmount(toPush.invocations, 'invocation')}${push ? ': npx expgraph remote push' : '; with push: false none is given'}`;
  return [
    remote,
    `  pushed so far  ${formatAmount(entries, 'time')}`,
    `  to take        ${there}`,
    `  to give        ${here}`,
    ...refused.map((one) => `  not taken      entry ${one.n}: ${sanitizeLine(one.why)}; ${mendWords(one)}`),
    ...(broken === null ? [] : [`  cannot go on   ${sanitizeLine(broken)}`]),
    '',
  ].join('\n');
}
