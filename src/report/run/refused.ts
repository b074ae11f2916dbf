// What a remote has and could not be taken, and who can do something about it. Pure.
import type { Diagnostic } from '../../core/diagnostic.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatCount } from '../../text/format.ts';

export type RefusedWords = {
  /** Its number in the log. */
  readonly n: number;
  readonly why: string;
  readonly reason: 'lost' | 'signature' | 'content';
  /** What is not here of it. */
  readonly invocations: readonly string[];
};

/** Of packs that nothing was taken of, and of a log that cannot be followed. */
export function refusedDiagnostics(
  pulled: {
    readonly refused: readonly RefusedWords[];
    readonly broken: string | null;
    readonly isAnew: boolean;
  },
  remote: string,
): readonly Diagnostic[] {
  const { refused, broken, isAnew } = pulled;
  const more = refused.length - MOST;
  return [
    ...(isAnew
      ? [
          about({
            ...{ severity: 'note', code: 'remote-anew', hint: null },
            message: `the log of ${remote} was begun anew: it was read from its beginning`,
          }),
        ]
      : []),
    ...refused.slice(0, MOST).map((one) =>
      about({
        ...{ code: 'pack-refused', hint: mendWords(one) },
        message: `entry ${formatCount(one.n)} of ${remote} was not taken: ${one.why}`,
      }),
    ),
    ...(more > 0
      ? [
          about({
            ...{ code: 'pack-refused', hint: 'npx expgraph remote status lists them' },
            message: `and ${formatCount(more)} more were not taken`,
          }),
        ]
      : []),
    ...(broken === null
      ? []
      : [
          about({
            ...{ code: 'remote-broken', hint: BROKEN },
            message: `${remote}: ${broken}; nothing behind it is read`,
          }),
        ]),
  ];
}

const MOST = 5;
const BROKEN =
  'npx expgraph remote pull asks again; whoever read it before puts back what is gone, once nothing stands in its place: npx expgraph remote push --repair';

/** Who can make it available again, and by what command. */
export function mendWords({ n, reason, invocations }: RefusedWords): string {
  if (reason === 'content') return 'npx expgraph remote pull asks again';
  const [first = 'it', ...others] = invocations;
  const more = others.length === 0 ? '' : ` or the ${formatCount(others.length)} others of it`;
  const who = `whoever has ${sanitizeLine(first)}${more}`;
  return reason === 'lost'
    ? `${who} gives it again: npx expgraph remote push --repair ${n}`
    : `${who} gives it again with the key that is asked for here: npx expgraph remote push`;
}

/** Of entries that cannot be put back: a file stands in their place. */
export function changedDiagnostics(
  repaired: { readonly changed: readonly number[] } | null,
  remote: string,
): readonly Diagnostic[] {
  return (repaired?.changed ?? []).map((n) => {
    const file = `log/${String(n).padStart(12, '0')}.json`;
    return about({
      ...{
        code: 'remote-changed',
        hint: `take it away there, and npx expgraph remote push --repair ${n} puts back what it was`,
      },
      message: `${remote}: ${file} is not what was read there before: who comes new reads nothing behind it`,
    });
  });
}

function about(
  of: Pick<Diagnostic, 'code' | 'message' | 'hint'> & { readonly severity?: Diagnostic['severity'] },
): Diagnostic {
  return { severity: 'warning', ...of, location: null, related: [] };
}
