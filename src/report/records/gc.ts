// What `gc` prints: what would go into an archive, by invocation, and what stays. Pure.
import { formatAmount } from '../../text/format.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';

/** Sizes in bytes. */
export type GcReport = {
  readonly groups: readonly {
    readonly invocation: string;
    readonly records: number;
    readonly bytes: number;
    readonly blobs: number;
  }[];
  readonly stays: { readonly records: number; readonly bytes: number };
  /** Blobs that no record names: a killed run left them. */
  readonly orphans: readonly { readonly bytes: number }[];
};

export function gcTable(report: GcReport, options: TextOptions): string {
  const stays = `${formatAmount(report.stays.records, 'record')} (${formatBytes(report.stays.bytes)}) stay`;
  const { blobs, bytes: left } = orphansOf(report);
  const orphans =
    blobs === 0
      ? ''
      : `${formatAmount(blobs, 'blob')} that no record names (${formatBytes(left)}) would go as well.\n`;
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

export type GcDone = {
  readonly experiment: string;
  readonly olderThan: Date | null;
  readonly keep: number;
  /** null = nothing was done. */
  readonly archive: string | null;
  readonly totals: { readonly records: number; readonly bytes: number; readonly blobs: number };
};

export function gcJson(report: GcReport, { experiment, olderThan, keep, archive, totals }: GcDone): object {
  return {
    experiment,
    older_than: olderThan?.toISOString() ?? null,
    keep,
    done: archive !== null,
    archive,
    ...totals,
    invocations: report.groups,
    stays: report.stays,
    orphans: orphansOf(report),
  };
}

/** @param where the archive, as a user names its folder */
export function archivedLine({ archive, totals }: GcDone, where: string): string {
  return `${totals.records} records (${formatBytes(totals.bytes)}) are in ${where}; npx expgraph gc --restore ${archive} puts them back\n`;
}

export function restoredLine(restored: {
  readonly archive: string;
  readonly records: number;
  readonly problems: readonly string[];
}): string {
  const { archive, records, problems } = restored;
  const kept = problems.length === 0 ? '' : `; the archive is kept: ${problems.length} could not go back`;
  return `${records} records of archive ${archive} are in the history again${kept}\n`;
}

function orphansOf({ orphans }: GcReport): { readonly blobs: number; readonly bytes: number } {
  return { blobs: orphans.length, bytes: orphans.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** `812 B`, `64.0 kB`, `1.2 MB`: of a thousand, as disks are sold. */
function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
