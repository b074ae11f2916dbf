// What is written down of batches that may be out: each line whole, and of each batch what its answers will need.
import path from 'node:path';
import { readBatches, readOrders } from '../disk/batch-files.ts';
import { StoreError } from '../disk/disk-read.ts';
import type { Finding } from './finding.ts';

export function checkBatches(root: string): readonly Finding[] {
  const { batches, damages } = readBatches(root);
  const findings: Finding[] = damages.map(({ file, line, why }) =>
    line === 1
      ? {
          severity: 'damage',
          code: 'batch',
          file,
          line,
          message: `${why}: a batch may be out at the provider, and whose cells are in it is not known any more; run sends nothing before this file is moved away`,
        }
      : {
          severity: 'note',
          code: 'batch-note',
          file,
          line,
          message: `${why}: run finds it out at the provider`,
        },
  );
  for (const batch of batches) {
    if (batch.end !== null) continue;
    const items = new Set(batch.items);
    const orders = path.join(path.dirname(batch.file), `${batch.tag}.orders.jsonl`);
    try {
      for (const line of readOrders(batch)) if (line.type === 'order') items.delete(String(line.item));
    } catch (cause) {
      if (!(cause instanceof StoreError)) throw cause;
      findings.push({
        severity: 'damage',
        code: 'batch-orders',
        file: orders,
        line: null,
        message: cause.message,
      });
      continue;
    }
    if (items.size === 0) continue;
    const message = `${items.size} of ${batch.items.length} items of a batch that is out are not in it: their answers are kept only while the manifest asks for them`;
    findings.push({ severity: 'damage', code: 'batch-orders', file: orders, line: null, message });
  }
  return findings;
}
