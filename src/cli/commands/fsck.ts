// expgraph fsck: checks the store from the ground. Without --repair it takes no lock and writes nothing.
import path from 'node:path';
import { type Finding, type FsckReport, fsck } from '../../cache/fsck.ts';
import { repair } from '../../cache/repair.ts';
import { sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../exit.ts';
import { openExperiment } from '../experiment.ts';
import type { Io } from '../io.ts';
import { takeStoreLock } from '../locked.ts';
import { keyOfRecord, viewCells } from '../planned.ts';

export type FsckOptions = {
  readonly file: string;
  readonly json?: boolean;
  readonly repair?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

export async function fsckCommand(io: Io, options: FsckOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { root, redact } = experiment;
  const input = { root, cells: viewCells(experiment, null), keyOf: keyOfRecord };
  const { argv, wait = false } = options;
  const report = options.repair
    ? repair({ ...input, redact, lock: await takeStoreLock({ io, experiment, argv, wait }) })
    : { ...fsck(input), mended: null };
  const wrong = report.findings.filter((finding) => finding.severity !== 'note');
  if (options.json) io.out.write(`${JSON.stringify(json(report, io.cwd))}\n`);
  else io.out.write(text(report, io.cwd));
  return wrong.length === 0 ? EXIT.complete : EXIT.store;
}

type Report = FsckReport & { readonly mended: readonly Finding[] | null };

function json(report: Report, cwd: string): object {
  const placed = (findings: readonly Finding[]): readonly Finding[] =>
    findings.map((finding) => ({ ...finding, file: path.relative(cwd, finding.file) }));
  return {
    clean: report.findings.every(({ severity }) => severity === 'note'),
    checked: report.checked,
    ...(report.mended ? { mended: placed(report.mended) } : {}),
    findings: placed(report.findings),
  };
}

function text(report: Report, cwd: string): string {
  const { files, records, parts, blobs, archived } = report.checked;
  const wrong = report.findings.filter(({ severity }) => severity !== 'note');
  const verdict =
    wrong.length === 0 ? 'clean' : `${wrong.length} ${wrong.length === 1 ? 'finding' : 'findings'}`;
  const more = `${blobs > 0 ? `, ${blobs} blobs` : ''}${archived > 0 ? `, ${archived} archived records` : ''}`;
  const lines = [
    ...(report.mended ?? []).map((finding) => `mended: ${sentence(finding, cwd)}`),
    ...report.findings.map((finding) => sentence(finding, cwd)),
    `fsck: ${verdict}: ${records} records and ${parts} parts in ${files} history files${more}`,
  ];
  if (report.mended !== null) {
    lines.push(`mended: ${report.mended.length}; cannot be mended: ${wrong.length}`);
  } else if (wrong.some(({ severity }) => severity === 'derived')) {
    lines.push('expgraph fsck --repair mends what is derived.');
  }
  return `${lines.join('\n')}\n`;
}

function sentence(finding: Finding, cwd: string): string {
  const file = path.relative(cwd, finding.file);
  const place = finding.line === null ? file : `${file}:${finding.line}`;
  return sanitizeLine(`${place} ${finding.severity} (${finding.code}): ${finding.message}`);
}
