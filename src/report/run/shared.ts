// What went to a remote or came from it, in words. Pure.
import type { Diagnostic } from '../../core/diagnostic.ts';
import { bytesWords } from '../../core/media.ts';
import type { Brought } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';

/** `3 invocations (120 records, 60 scores, 48 kB)` */
export function broughtWords({ invocations, records, scores, bytes }: Brought): string {
  const parts = [
    formatAmount(records, 'record'),
    ...(scores === 0 ? [] : [formatAmount(scores, 'score')]),
    bytesWords(bytes),
  ];
  return `${formatAmount(invocations, 'invocation')} (${parts.join(', ')})`;
}

/** Of packs that nothing was taken of, and of a log that cannot be followed. */
export function refusedDiagnostics(
  pulled: {
    readonly refused: readonly { readonly n: number; readonly why: string }[];
    readonly broken: string | null;
    readonly isAnew: boolean;
  },
  remote: string,
): readonly Diagnostic[] {
  const { refused, broken, isAnew } = pulled;
  const about = (
    severity: Diagnostic['severity'],
    code: string,
    message: string,
    hint: string | null,
  ): Diagnostic => ({
    ...{ severity, code, message, hint },
    location: null,
    related: [],
  });
  return [
    ...(isAnew
      ? [
          about(
            'note',
            'remote-anew',
            `the log of ${remote} was begun anew: it was read from its beginning`,
            null,
          ),
        ]
      : []),
    ...refused
      .slice(0, MOST)
      .map(({ n, why }) =>
        about('warning', 'pack-refused', `entry ${formatCount(n)} of ${remote} was not taken: ${why}`, HINT),
      ),
    ...(refused.length > MOST
      ? [
          about(
            'warning',
            'pack-refused',
            `and ${formatCount(refused.length - MOST)} more were not taken`,
            HINT,
          ),
        ]
      : []),
    ...(broken === null
      ? []
      : [about('warning', 'remote-broken', `${remote}: ${broken}; nothing behind it is read`, HINT)]),
  ];
}

const MOST = 5;
const HINT = 'npx expgraph remote status lists them; npx expgraph remote pull asks again';

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

function counted({ invocations, ...rest }: PulledWords): Brought {
  return { ...rest, invocations: invocations.length };
}

export function remoteStatusText(status: {
  readonly remote: string;
  readonly entries: number;
  readonly toPull: Omit<Brought, 'bytes'>;
  readonly toPush: { readonly invocations: number };
  readonly push: boolean;
  readonly refused: readonly { readonly n: number; readonly why: string }[];
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
    ...refused.map(({ n, why }) => `  not taken      entry ${n}: ${sanitizeLine(why)}`),
    ...(broken === null ? [] : [`  cannot go on   ${sanitizeLine(broken)}`]),
    '',
  ].join('\n');
}
