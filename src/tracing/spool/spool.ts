// Traces on this disk before they are anywhere else: one line a trace, complete, appended by one process.
//
//   artifacts/<experiment>/traces/<invocation>/spool-001.jsonl ...   what is to be sent: one JSON line a trace
//                                              sent.txt              what became of it: one line a trace id
//                                              rejected.jsonl        what LangSmith will never take, and why
import { closeSync, fdatasyncSync, readdirSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeSpoolFolder, openSpoolFile } from './modes.ts';

/** One line. `runs` are spans as they go out, but for the project, which is the line's. */
export type SpoolHead = {
  readonly v: 1;
  readonly trace: string;
  /** ISO 8601: LangSmith takes no trace that is much older than a day. */
  readonly start: string;
  readonly project: string;
  /** Id of the LangSmith experiment that it counts in, and of the example that it answers. */
  readonly experiment: string | null;
  readonly example: string | null;
};

export type Spool = Disposable & {
  readonly folder: string;
  /** Written to the system when it returns: a killed program loses nothing of it. `full` = left out. @throws Error of the disk. */
  append(head: SpoolHead, runs: string): 'kept' | 'full';
  /** Makes it durable. @throws Error of the disk. */
  sync(): void;
};

export const SPOOL_NAME: RegExp = /^spool-(\d{3,})\.jsonl$/;
/** Files of a size that one reads, moves and deletes. */
const FILE_BYTES = 64 * 1024 * 1024;
/** More waiting traces than this are a service that is gone for good; the records hold everything anyway. */
const MAX_BYTES = 2 * 1024 * 1024 * 1024;

export function openSpool(input: {
  readonly folder: string;
  readonly fileBytes?: number;
  readonly maxBytes?: number;
}): Spool {
  const { folder, fileBytes = FILE_BYTES, maxBytes = MAX_BYTES } = input;
  // Prompts and answers are nobody's but the user's.
  makeSpoolFolder(folder);
  // A file that another process wrote is never gone on with: its last line may be torn.
  const { number, bytes: before } = firstFree(folder);
  let file = { number, fd: open(folder, number), size: 0 };
  let total = before;
  return {
    folder,
    append(head, runs) {
      const bytes = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"runs":${runs}}\n`);
      if (total + bytes.length > maxBytes) return 'full';
      if (file.size > 0 && file.size + bytes.length > fileBytes) {
        fdatasyncSync(file.fd);
        closeSync(file.fd);
        file = { number: file.number + 1, fd: open(folder, file.number + 1), size: 0 };
      }
      writeAll(file.fd, bytes);
      file.size += bytes.length;
      total += bytes.length;
      return 'kept';
    },
    sync: () => fdatasyncSync(file.fd),
    [Symbol.dispose]: () => closeSync(file.fd),
  };
}

export function spoolFile(folder: string, number: number): string {
  return path.join(folder, `spool-${String(number).padStart(3, '0')}.jsonl`);
}

function open(folder: string, number: number): number {
  return openSpoolFile(spoolFile(folder, number), 'a');
}

function firstFree(folder: string): { readonly number: number; readonly bytes: number } {
  const names = readdirSync(folder).filter((name) => SPOOL_NAME.test(name));
  const numbers = names.map((name) => Number(SPOOL_NAME.exec(name)![1]));
  const bytes = names.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  return { number: Math.max(0, ...numbers) + 1, bytes };
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done);
}
