// What `batches` prints. Pure.
import type { BatchOut } from '../../core/batch-facts.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatCount } from '../../text/format.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

export type TendedBatches = {
  /** Out when it was asked. */
  readonly batches: readonly BatchOut[];
  /** Tags of those that the provider was asked to cancel, and did. */
  readonly cancelled: readonly string[];
  readonly forgotten: readonly string[];
  /** What a provider said instead. */
  readonly failed: readonly { readonly tag: string; readonly why: string }[];
};

export function batchesText(tended: TendedBatches, options: TextOptions): string {
  const { batches, cancelled, forgotten, failed } = tended;
  if (batches.length === 0) return 'Nothing is out in batches.\n';
  const rows = batches.map(({ tag, batch, provider, model, cells, asked, sent_at }) => ({
    kind: 'cells' as const,
    cells: [
      tag,
      batch ?? 'perhaps not sent',
      provider,
      model,
      formatCount(cells),
      formatCount(asked),
      `${sent_at.slice(0, 16).replace('T', ' ')} UTC`,
    ].map(sanitizeLine),
    tone: 'plain' as const,
  }));
  const heads = ['tag', 'batch', 'provider', 'model', 'cells', 'asked for', 'since'];
  const columns = heads.map((head) => ({
    head,
    ...(head === 'cells' || head === 'asked for' ? { align: 'right' as const } : {}),
  }));
  const told = [
    ...cancelled.map(
      (tag) => `${tag}: cancelled; what it had answered by then is fetched by npx expgraph run`,
    ),
    ...forgotten.map((tag) => `${tag}: forgotten; its cells are sent again`),
    ...failed.map(({ tag, why }) => `${tag}: ${sanitizeLine(why)}`),
    ...(cancelled.length + forgotten.length + failed.length > 0
      ? []
      : ['npx expgraph run fetches what is done, and sends none of it again.']),
  ];
  const lines = told.map((line) => `${wrapWords(line, { columns: options.columns, indent: '  ' })}\n`);
  return `${renderTable({ columns, rows }, options)}\n${lines.join('')}`;
}
