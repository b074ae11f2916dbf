// The body of a request, as far as it may go.
import type { IncomingMessage } from 'node:http';

/** null = it is too large. A body that ends early calls nobody: the client has gone. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  then: (body: Buffer | null) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => then(bytes > maxBytes ? null : Buffer.concat(chunks)));
}
