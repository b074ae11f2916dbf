// What a thinking block is signed with: whoever sends it back changed shows it.
import { createHash } from 'node:crypto';

export function signatureOf(thought: string): string {
  return createHash('sha256').update(`expgraph-sim ${thought}`).digest('base64');
}
