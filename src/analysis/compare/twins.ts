// Arms that share every draw are one arm: what they would be compared by is chance that never was. Pure.
import { formatAmount } from '../../text/format.ts';
import { TWINS_HINT, twinsSentence } from '../../text/twins.ts';
import { type Arm, type ArmCell, armName, type CompareInput, counts } from './input.ts';
import type { Finding } from './result.ts';

type Pair = readonly [number, number];

/**
 * Leaves out pairs of twins, and pairs that are another pair under a second name: told twice, a difference would be
 * corrected as if it were two. Where nothing is left, the gate is closed.
 */
export function withoutTwins({ arms, pairs, between }: CompareInput): {
  readonly pairs: readonly Pair[];
  readonly findings: readonly Finding[];
} {
  if (between === 'moments') return { pairs, findings: [] };
  const kept: Pair[] = [];
  const left: { readonly twins: Pair; readonly message: string; readonly count: number }[] = [];
  for (const [first, second] of pairs) {
    const nameOf = (at: number): string => armName(arms[at]!);
    const shared = sharedBy(arms[first]!, arms[second]!);
    const known = kept.find((pair) => pair[0] === first && sharedBy(arms[pair[1]]!, arms[second]!) !== null);
    if (shared !== null) {
      const message = twinsSentence([nameOf(first), nameOf(second)]);
      left.push({ twins: [first, second], message, count: shared });
    } else if (known !== undefined) {
      const twins = [known[1], second] as const;
      const message = `${twinsSentence([nameOf(known[1]), nameOf(second)])}; ${nameOf(known[1])} is compared`;
      left.push({ twins, message, count: sharedBy(arms[twins[0]]!, arms[second]!)! });
    } else kept.push([first, second]);
  }
  const severity = kept.length === 0 ? 'refusal' : 'warning';
  const findings = left.map(
    ({ twins, message, count }): Finding => ({
      kind: 'shared-draws',
      severity,
      mark: null,
      arms: twins,
      message: `${message} (${formatAmount(count, 'cell')})${severity === 'warning' ? '; left out' : ''}`,
      hint: TWINS_HINT,
      cells: [],
      count,
    }),
  );
  return { pairs: kept, findings };
}

/** How many draws count for both, where all that count for one of them do; null = each has draws of its own. */
function sharedBy(first: Arm, second: Arm): number | null {
  const ids = new Set(drawsOf(first));
  const other = drawsOf(second);
  const shared = other.filter((id) => ids.has(id)).length;
  return shared > 0 && shared === Math.min(ids.size, other.length) ? shared : null;
}

function drawsOf({ cells }: Arm): readonly number[] {
  return cells.flatMap((cell: ArmCell) => (cell.record && counts(cell) ? cell.record.id : []));
}
