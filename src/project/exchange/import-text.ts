// A text file of results in lines, however long it is: strictly UTF-8, or one sentence that says what it is instead.
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { err, ok, type Result } from '../../core/result.ts';
import { foreignKind, readUtf8 } from '../../core/utf8.ts';
import { CommandError } from '../open/command-error.ts';

export const MAX_LINE_BYTES: number = 64 << 20;

export function beginningOf(file: string, bytes: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(handle, buffer, 0, bytes, 0));
  } finally {
    closeSync(handle);
  }
}

/** @throws CommandError where the file is of another kind than text, zip archives excepted */
export function checkKind(file: string, shown: string): { readonly isZip: boolean } {
  let head: Buffer;
  try {
    head = beginningOf(file, 64);
  } catch (cause) {
    throw new CommandError(`cannot read ${shown}: ${(cause as Error).message}`);
  }
  if (head.length === 0) throw new CommandError(`${shown} is empty`);
  const isZip = head.subarray(0, 2).toString('latin1') === 'PK';
  const foreign = isZip ? null : foreignKind(head);
  if (foreign !== null)
    throw new CommandError(`${shown} ${foreign.message}${foreign.hint === null ? '' : `; ${foreign.hint}`}`);
  return { isZip };
}

/** err: what is wrong with the line; the rest of one that is too long is passed over. */
export async function* linesOf(file: string): AsyncGenerator<Result<string, string>> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let from = 0;
  const take = (): Result<string, string> => {
    const at = from;
    from += bytes + 1;
    const isLong = bytes > MAX_LINE_BYTES;
    const whole = isLong ? null : Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    if (whole === null) return err(`is longer than ${MAX_LINE_BYTES >> 20} MB`);
    const text = readUtf8(whole, at);
    if (text.kind === 'ok') return ok(at === 0 ? text.value.replace(/^\ufeff/, '') : text.value);
    return err(`${text.error.message}${text.error.hint === null ? '' : `; ${text.error.hint}`}`);
  };
  const add = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > MAX_LINE_BYTES) pieces = [];
    else pieces.push(piece);
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      yield take();
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0) yield take();
}
