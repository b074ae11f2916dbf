// What `langsmith status`, `push` and `sync` print. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount, formatTime } from '../../text/format.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';

export type LangSmithStatus = {
  readonly tracing: 'on' | 'off';
  /** Why not. */
  readonly why: string | null;
  readonly api: string | null;
  readonly project: string | null;
  readonly url: string | null;
  readonly spools: readonly {
    readonly folder: string;
    readonly traces: number;
    readonly spans: number;
    readonly sent: number;
    readonly rejected: number;
    readonly waiting: number;
    readonly tooOld: number;
    readonly oldest: string | null;
    readonly reasons: readonly { readonly trace: string; readonly why: string }[];
  }[];
  readonly feedback: {
    readonly said: number;
    readonly sent: number;
    readonly refused: number;
    readonly left: number;
  };
};

export function langsmithStatusText(status: LangSmithStatus, options: TextOptions): string {
  const blocks = [`${where(status)}\n`];
  if (status.spools.length > 0) blocks.push(spoolTable(status, options));
  const { said, sent, refused } = status.feedback;
  if (said > 0) {
    const lost = refused === 0 ? '' : `, ${formatCount(refused)} refused`;
    blocks.push(`Feedback: ${formatCount(sent)} of ${formatCount(said)} sent${lost}.\n`);
  }
  const reasons = status.spools.flatMap((spool) => spool.reasons);
  if (reasons.length > 0) {
    blocks.push(
      `Refused:\n${reasons.map(({ trace, why }) => `  ${trace}  ${sanitizeLine(why)}\n`).join('')}`,
    );
  }
  blocks.push(advice(status));
  return blocks.filter((block) => block !== '').join('\n');
}

function where({ tracing, why, api, project, url }: LangSmithStatus): string {
  if (tracing === 'off') return `Tracing is off: ${why}.`;
  return sanitizeLine(`Traces go to project ${project} at ${url ?? api}.`);
}

function spoolTable({ spools }: LangSmithStatus, options: TextOptions): string {
  return renderTable(
    {
      columns: [
        { head: 'invocation' },
        { head: 'traces', align: 'right' },
        { head: 'spans', align: 'right' },
        { head: 'sent', align: 'right' },
        { head: 'refused', align: 'right' },
        { head: 'waiting', align: 'right' },
        { head: 'too old', align: 'right' },
        { head: 'oldest waiting' },
      ],
      rows: spools.map((spool) => ({
        kind: 'cells',
        cells: [
          spool.folder,
          ...[spool.traces, spool.spans, spool.sent, spool.rejected, spool.waiting, spool.tooOld].map(
            formatCount,
          ),
          spool.oldest === null ? '-' : formatTime(spool.oldest),
        ],
        tone: spool.rejected > 0 ? 'bad' : 'plain',
      })),
    },
    options,
  );
}

const AGAIN = 'What was refused is kept: npx expgraph langsmith push --rejected tries it again.';

function advice({ spools, feedback }: LangSmithStatus): string {
  const waiting = spools.reduce((sum, spool) => sum + spool.waiting, 0);
  const tooOld = spools.reduce((sum, spool) => sum + spool.tooOld, 0);
  const refused = spools.reduce((sum, spool) => sum + spool.rejected, feedback.refused);
  if (waiting === 0 && feedback.left === 0) {
    if (refused > 0) return `${AGAIN}\n`;
    return spools.length === 0 ? 'No trace was made yet.\n' : 'Nothing waits.\n';
  }
  const lines = [
    `${formatAmount(waiting, 'trace')} and ${formatAmount(feedback.left, 'feedback')} wait: npx expgraph langsmith push sends them.`,
  ];
  if (refused > 0) lines.push(AGAIN);
  if (tooOld > 0) {
    lines.push(
      `${formatAmount(tooOld, 'trace')} began more than 23 hours ago; LangSmith in the cloud takes no trace that is older than a day.`,
      'push --shift-time sends them as of today with their true times in the metadata; push --keep-time sends them as they are.',
    );
  }
  return `${lines.join('\n')}\n`;
}
