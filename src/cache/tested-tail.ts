// How a test ended, of an output that is a blob: the end of its text tells whether a test gave it, so that most are not read.

import { blobPath, readBlob } from './blobs.ts';
import { blobRefOf } from './bodies.ts';
import type { Layout } from './layout.ts';
import { readSlice } from './slices.ts';

/** Properties are an output's last member, and the test is among the last of these: its message is at most 2,000 characters. */
const TAIL_BYTES = 64 * 1024;

/** A line of the history with its output where a test gave it; any other as it is. */
export function withTest(layout: Layout, line: Record<string, unknown>): Record<string, unknown> {
  const ref = line.type === 'scenario_result' ? blobRefOf(line.output) : null;
  if (ref === null) return line;
  const offset = Math.max(0, ref.bytes - TAIL_BYTES);
  const tail = readSlice(blobPath(layout.blobs, ref.sha256), { offset, length: ref.bytes - offset });
  if (tail === null || !Buffer.from(tail).includes('"pytest":{')) return line;
  const text = readBlob(layout, ref);
  return text.kind === 'err' ? line : { ...line, output: JSON.parse(text.value) as unknown };
}
