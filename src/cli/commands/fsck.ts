// expgraph fsck: checks the store from the ground. Takes no lock and writes nothing.
import path from 'node:path';
import { type Finding, fsck } from '../../cache/fsck.ts';
import { sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../exit.ts';
import { openExperiment } from '../experiment.ts';
import type { Io } from '../io.ts';
import { keyOfRecord, viewCells } from '../planned.ts';

export async function fsckCommand(
  io: Io,
  options: { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const report = fsck({
    root: experiment.root,
    cells: viewCells(experiment, null),
    keyOf: keyOfRecord,
  });
  const wrong = report.findings.filter((finding) => finding.severity !== 'note');
  if (options.json) {
    const findings = report.findings.map((finding) => ({
      ...finding,
      file: path.relative(io.cwd, finding.file),
    }));
    io.out.write(`${JSON.stringify({ clean: wrong.length === 0, checked: report.checked, findings })}\n`);
  } else {
    for (const finding of report.findings) io.out.write(`${sentence(finding, io.cwd)}\n`);
    const { files, records, parts } = report.checked;
    const verdict =
      wrong.length === 0 ? 'clean' : `${wrong.length} ${wrong.length === 1 ? 'finding' : 'findings'}`;
    io.out.write(`fsck: ${verdict}: ${records} records and ${parts} parts in ${files} history files\n`);
  }
  return wrong.length === 0 ? EXIT.complete : EXIT.store;
}

function sentence(finding: Finding, cwd: string): string {
  const file = path.relative(cwd, finding.file);
  const place = finding.line === null ? file : `${file}:${finding.line}`;
  return sanitizeLine(`${place} ${finding.severity} (${finding.code}): ${finding.message}`);
}
