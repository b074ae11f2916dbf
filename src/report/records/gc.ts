// What `gc` prints: what would go into an archive, by invocation, and what stays. Pure.
import { formatAmount } from '../../text/format.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';

export type GcReport = {
  readonly groups: readonly {
    readonly invocation: string;
    readonly records: number;
    readonly bytes: number;
    readonly blobs: number;
  }[];
  readonly stays: { readonly records: number; readonly bytes: number };
  /** Blobs that no record names: a killed run left them. */
  readonly orphans: { readonly blobs: number; readonly bytes: number };
};

export function gcTable(report: GcReport, options: TextOptions): string {
  const stays = `${formatAmount(report.stays.records, 'record')} (${formatBytes(report.stays.bytes)}) stay`;
  const orphans =
    report.orphans.blobs === 0
      ? ''
      : `${formatAmount(report.orphans.blobs, 'blob')} that no record names (${formatBytes(report.orphans.bytes)}) would go as well.\n`;
  if (report.groups.length === 0) return `No record would go; ${stays}.\n${orphans}`;
  const records = report.groups.reduce((sum, group) => sum + group.records, 0);
  const bytes = report.groups.reduce((sum, group) => sum + group.bytes, 0);
  const table = renderTable(
    {
      columns: [
        { head: 'invocation' },
        { head: 'records', align: 'right' },
        { head: 'blobs', align: 'right' },
        { head: 'size', align: 'right' },
      ],
      rows: report.groups.map((group) => ({
        kind: 'cells',
        cells: [group.invocation, String(group.records), String(group.blobs), formatBytes(group.bytes)],
        tone: 'plain',
      })),
    },
    options,
  );
  return `${table}\n${formatAmount(records, 'record')} (${formatBytes(bytes)}) would go into an archive; ${stays}.\n${orphans}`;
}

/** `812 B`, `64.0 kB`, `1.2 MB`: of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
