// What `fsck` prints: each finding with its place, and what was checked. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';

type Finding = {
  readonly severity: 'damage' | 'derived' | 'note';
  readonly code: string;
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
};

export type CheckedStore = {
  readonly findings: readonly Finding[];
  /** null = nothing was to be mended. */
  readonly mended: readonly Finding[] | null;
  readonly checked: {
    readonly files: number;
    readonly records: number;
    readonly parts: number;
    readonly blobs: number;
    readonly archived: number;
  };
  readonly scores?: number;
  readonly reviews?: number;
};

/** @param shown a file as the user names it */
export function fsckJson(report: CheckedStore, shown: (file: string) => string): object {
  const placed = (findings: readonly Finding[]): readonly Finding[] =>
    findings.map((finding) => ({ ...finding, file: shown(finding.file) }));
  return {
    clean: report.findings.every(({ severity }) => severity === 'note'),
    checked: {
      ...report.checked,
      ...(report.scores === undefined ? {} : { scores: report.scores }),
      ...(report.reviews === undefined ? {} : { reviews: report.reviews }),
    },
    ...(report.mended ? { mended: placed(report.mended) } : {}),
    findings: placed(report.findings),
  };
}

/** @param shown a file as the user names it */
export function fsckText(
  report: CheckedStore,
  { shown, hasRemote }: { readonly shown: (file: string) => string; readonly hasRemote: boolean },
): string {
  const { files, records, parts, blobs, archived } = report.checked;
  const wrong = report.findings.filter(({ severity }) => severity !== 'note');
  const verdict =
    wrong.length === 0 ? 'clean' : `${wrong.length} ${wrong.length === 1 ? 'finding' : 'findings'}`;
  const scores = report.scores === undefined ? '' : `, ${report.scores} scores`;
  const reviews = report.reviews === undefined ? '' : `, ${formatAmount(report.reviews, 'review')}`;
  const more = `${scores}${reviews}${blobs > 0 ? `, ${blobs} blobs` : ''}${archived > 0 ? `, ${archived} archived records` : ''}`;
  const sentence = (finding: Finding): string => findingLine(finding, shown(finding.file));
  const lines = [
    ...(report.mended ?? []).map((finding) => `mended: ${sentence(finding)}`),
    ...report.findings.map(sentence),
    `fsck: ${verdict}: ${records} records and ${parts} parts in ${files} history files${more}`,
  ];
  if (report.mended !== null) {
    lines.push(`mended: ${report.mended.length}; cannot be mended: ${wrong.length}`);
  } else if (wrong.some(({ severity }) => severity === 'derived')) {
    lines.push('npx expgraph fsck --repair mends what is derived.');
  }
  if (hasRemote && wrong.some(({ severity }) => severity === 'damage'))
    lines.push('npx expgraph remote pull --repair takes again what the remote has whole.');
  return `${lines.join('\n')}\n`;
}

function findingLine({ line, severity, code, message }: Finding, file: string): string {
  const place = line === null ? file : `${file}:${line}`;
  return sanitizeLine(`${place} ${severity} (${code}): ${message}`);
}
