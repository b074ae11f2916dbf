// The files that one invocation appends to: opened when they are needed, numbered without gaps, closed when many are open.
import path from 'node:path';
import type { InvocationId } from '../../core/invocation-id.ts';
import type { Redact } from '../../core/redact.ts';
import { fileState } from '../disk/disk-read.ts';
import { type AppendFile, openAppend } from '../disk/durable.ts';
import { PARTS } from '../disk/layout.ts';
import { sealLine } from '../disk/lines.ts';
import type { IndexDb } from '../index/index-db.ts';
import type { Place } from '../rows.ts';
import type { Bodies } from './prepare-blobs.ts';

/** Open files at once: an experiment may have hundreds of variant x run files. */
const OPEN_FILES = 32;

export type OpenFile = {
  readonly name: string;
  /** In the index. */
  readonly id: number;
  readonly file: AppendFile;
  /** Its lines, those that wait to be written included. */
  n: number;
  lines: Buffer[];
  bytes: number;
};

export type HistoryFiles = {
  open(name: string): OpenFile;
  /** Its number in the index; undefined while it was not opened. */
  idOf(name: string): number | undefined;
  /** Adds a line to those that `commit` writes. */
  add(file: OpenFile, data: object, bodies: Bodies): Place;
  /** Resolves when the lines are durable. */
  commit(dirty: ReadonlySet<OpenFile>): Promise<void>;
  /** What the index keeps of it. */
  stateOf(file: OpenFile): Parameters<IndexDb['updateFile']>[0];
  closeIdle(): void;
  close(): void;
};

export function makeHistoryFiles(writer: {
  readonly folder: string;
  readonly invocation: InvocationId;
  readonly index: IndexDb;
  readonly redact: Redact;
}): HistoryFiles {
  const { index, redact } = writer;
  const open = new Map<string, OpenFile>();
  /** Number of lines by file: files are closed and opened again. */
  const counts = new Map<string, { id: number; n: number }>();

  return {
    idOf: (name) => counts.get(name)?.id,
    open(name) {
      const known = open.get(name);
      if (known) {
        // Most recently used last: the idle ones are closed from the front.
        open.delete(name);
        open.set(name, known);
        return known;
      }
      let count = counts.get(name);
      if (!count) {
        count = {
          id: index.addFile({ path: `${writer.invocation}/${name}`, size: 0, mtimeMs: 0, n: 0 }),
          n: 0,
        };
        counts.set(name, count);
      }
      const file = {
        name,
        id: count.id,
        file: openAppend(path.join(writer.folder, name)),
        n: count.n,
        lines: [],
        bytes: 0,
      };
      open.set(name, file);
      return file;
    },
    add(file, data, bodies) {
      file.n++;
      const offset = file.file.size() + file.bytes;
      const line = sealLine(data, { n: file.n, redact, bodies: bodies.texts });
      file.lines.push(line);
      file.bytes += line.length;
      const count = counts.get(file.name);
      if (count) count.n = file.n;
      return { file: file.id, offset, length: line.length - 1 };
    },
    async commit(dirty) {
      const parts = open.get(PARTS);
      // Parts stand there before the records that name them, whoever looks and whenever this process is killed.
      const inOrder = [...dirty].sort((a, b) => Number(b === parts) - Number(a === parts));
      for (const file of inOrder) {
        file.file.append(Buffer.concat(file.lines));
        file.lines = [];
        file.bytes = 0;
      }
      // And are durable before them.
      if (parts && dirty.has(parts)) await parts.file.sync();
      // Bounded by the batch: at most one file a record.
      await Promise.all([...dirty].filter((file) => file !== parts).map((file) => file.file.sync()));
    },
    stateOf: ({ id, file, n }) => ({
      id,
      size: file.size(),
      mtimeMs: fileState(file.path)?.mtimeMs ?? 0,
      n,
    }),
    closeIdle() {
      for (const [name, file] of open) {
        if (open.size <= OPEN_FILES) break;
        file.file.close();
        open.delete(name);
      }
    },
    close() {
      for (const file of open.values()) file.file.close();
      open.clear();
    },
  };
}
