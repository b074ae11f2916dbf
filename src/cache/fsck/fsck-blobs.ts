// Checks blobs/: each that a line names must be there and fit its name; one that nothing names is only noted.
import { blobProblem, blobsIn, digestOfFileNow } from '../disk/blobs.ts';
import type { BlobRef } from '../disk/bodies.ts';
import type { Layout } from '../disk/layout.ts';
import type { Finding } from './finding.ts';

/** A blob and the line that names it; the key of the record, null where a part names it. */
export type NamedBlob = BlobRef & {
  readonly file: string;
  readonly line: number;
  readonly key: string | null;
};

export function checkBlobs(
  layout: Layout,
  named: readonly NamedBlob[],
): { readonly findings: readonly Finding[]; readonly checked: number } {
  const findings: Finding[] = [];
  const damaged = new Set<string>();
  const names = new Set(named.map(({ sha256 }) => sha256));
  let checked = 0;
  for (const { sha256, file } of blobsIn(layout.blobs)) {
    checked++;
    if (!names.has(sha256)) {
      const message = 'is named by no record: a killed or aborted run left it; npx expgraph gc archives it';
      findings.push({ severity: 'note', code: 'blob-unreachable', file, line: null, message });
    } else if (digestOfFileNow(file) !== sha256) {
      damaged.add(sha256);
    }
  }
  for (const { file, line, key, ...ref } of named) {
    const missing = blobProblem(layout, ref);
    const why = missing ?? (damaged.has(ref.sha256) ? `its blob ${ref.sha256} does not fit its name` : null);
    if (why === null) continue;
    const of = key === null ? '' : ` (key ${key})`;
    findings.push({
      severity: 'damage',
      code: missing === null ? 'blob-damaged' : 'blob-missing',
      file,
      line,
      message: `${why}${of}: it is never used`,
    });
  }
  return { findings, checked };
}
