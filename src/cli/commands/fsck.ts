// expgraph fsck: checks the store from the ground. Without --repair it takes no lock and writes nothing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { borrowed } from '../../cache/disk/lock-handle.ts';
import { type Finding, type FsckInput, type FsckReport, fsck } from '../../cache/fsck/fsck.ts';
import { repair } from '../../cache/fsck/repair.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { takeStoreLock } from '../../project/open/lock.ts';
import { keyOfRecord, viewCells } from '../../project/select/plan-experiment.ts';
import type { Io } from '../io.ts';

export type FsckOptions = {
  readonly file: string;
  readonly json?: boolean;
  readonly repair?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

export async function fsckCommand(io: Io, options: FsckOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { root, redact } = experiment;
  const input = { root, cells: viewCells(experiment, null), keyOf: keyOfRecord };
  const { argv, wait = false } = options;
  const lock = options.repair && !options.dryRun ? await takeStoreLock({ io, experiment, argv, wait }) : null;
  // Both stores stand behind one lock, which is given back at the end.
  const check = (of: FsckInput): Report =>
    lock ? repair({ ...of, redact, lock: borrowed(lock) }) : { ...fsck(of), mended: null };
  let report: Report;
  try {
    const scores = scoresRoot(root);
    const judged = { root: scores, cells: null, keyOf: keyOfRecord, kind: 'score' as const };
    report = existsSync(scores) ? both(check(input), check(judged)) : check(input);
  } finally {
    lock?.[Symbol.dispose]();
  }
  const wrong = report.findings.filter((finding) => finding.severity !== 'note');
  if (options.json) io.out.write(jsonLine(json(report, io.cwd)));
  else io.out.write(text(report, io.cwd));
  return wrong.length === 0 ? EXIT.complete : EXIT.store;
}

function both(draws: Report, scores: Report): Report {
  const { files, records, parts, blobs, archived } = scores.checked;
  const { checked } = draws;
  return {
    findings: [...draws.findings, ...scores.findings],
    mended: draws.mended && [...draws.mended, ...(scores.mended ?? [])],
    checked: {
      files: checked.files + files,
      records: checked.records,
      parts: checked.parts + parts,
      blobs: checked.blobs + blobs,
      archived: checked.archived + archived,
    },
    scores: records,
  };
}

type Report = FsckReport & { readonly mended: readonly Finding[] | null; readonly scores?: number };

function json(report: Report, cwd: string): object {
  const placed = (findings: readonly Finding[]): readonly Finding[] =>
    findings.map((finding) => ({ ...finding, file: path.relative(cwd, finding.file) }));
  return {
    clean: report.findings.every(({ severity }) => severity === 'note'),
    checked: { ...report.checked, ...(report.scores === undefined ? {} : { scores: report.scores }) },
    ...(report.mended ? { mended: placed(report.mended) } : {}),
    findings: placed(report.findings),
  };
}

function text(report: Report, cwd: string): string {
  const { files, records, parts, blobs, archived } = report.checked;
  const wrong = report.findings.filter(({ severity }) => severity !== 'note');
  const verdict =
    wrong.length === 0 ? 'clean' : `${wrong.length} ${wrong.length === 1 ? 'finding' : 'findings'}`;
  const judged = report.scores === undefined ? '' : `, ${report.scores} scores`;
  const more = `${judged}${blobs > 0 ? `, ${blobs} blobs` : ''}${archived > 0 ? `, ${archived} archived records` : ''}`;
  const lines = [
    ...(report.mended ?? []).map((finding) => `mended: ${sentence(finding, cwd)}`),
    ...report.findings.map((finding) => sentence(finding, cwd)),
    `fsck: ${verdict}: ${records} records and ${parts} parts in ${files} history files${more}`,
  ];
  if (report.mended !== null) {
    lines.push(`mended: ${report.mended.length}; cannot be mended: ${wrong.length}`);
  } else if (wrong.some(({ severity }) => severity === 'derived')) {
    lines.push('npx expgraph fsck --repair mends what is derived.');
  }
  return `${lines.join('\n')}\n`;
}

function sentence(finding: Finding, cwd: string): string {
  const file = path.relative(cwd, finding.file);
  const place = finding.line === null ? file : `${file}:${finding.line}`;
  return sanitizeLine(`${place} ${finding.severity} (${finding.code}): ${finding.message}`);
}
