// Statements about an answer from where it was made (core/test-statements.ts), of an output that is a blob: the end of its text tells whether
// anything was, and whether it had an odd end, so that most are not read.

import { endingOf } from '../../core/ending.ts';
import { blobPath, readBlob } from '../disk/blobs.ts';
import { blobRefOf } from '../disk/bodies.ts';
import type { Layout } from '../disk/layout.ts';
import { readSlice } from '../disk/slices.ts';

/** Properties are an output's last member, and a test's message in them is at most 2,000 characters. */
const TAIL_BYTES = 64 * 1024;

/** Members of properties that say something; or properties so long that their beginning is further up. */
const SAYS = ['"pytest":{', '"scores":{', '"promptfoo":{', '"deepeval":['];

/** A line of the history with its output where it has statements; any other as it is. */
export function withTest(layout: Layout, line: Record<string, unknown>): Record<string, unknown> {
  const ref = line.type === 'scenario_result' ? blobRefOf(line.output) : null;
  if (ref === null) return line;
  const offset = Math.max(0, ref.bytes - TAIL_BYTES);
  const slice = readSlice(blobPath(layout.blobs, ref.sha256), { offset, length: ref.bytes - offset });
  if (slice === null) return line;
  const tail = Buffer.from(slice);
  const mayBeAbove = offset > 0 && !tail.includes('"finish_reason":');
  if (!mayBeAbove && !hasOddEnd(tail) && !SAYS.some((member) => tail.includes(member))) return line;
  const text = readBlob(layout, ref);
  return text.kind === 'err' ? line : { ...line, output: JSON.parse(text.value) as unknown };
}

/** Its reason stands behind text and messages. What looks like one in another place costs the reading of the blob. */
function hasOddEnd(tail: Buffer): boolean {
  if (tail.includes('"refusal":')) return true;
  const endings = tail.toString('latin1').matchAll(/"finish_reason":"([^"]{0,64})"/g);
  return [...endings].some(([, word]) => endingOf(word!).kind !== 'whole');
}
