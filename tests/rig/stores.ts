// Stores on files for tests of the cache: opened, filled by whole invocations, checked.
import path from 'node:path';
import { type OpenOptions, openStore } from '../../src/cache/files.ts';
import { type FsckInput, type FsckReport, fsck } from '../../src/cache/fsck/fsck.ts';
import type { Entry, Store } from '../../src/cache/store.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { Part } from '../../src/core/task.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { filesBelow } from './files.ts';
import { entry, invocationRecord, type task, viewCell } from './records.ts';

export type TestTask = ReturnType<typeof task>;

export const HOLDER = { pid: 1, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };

export const keyOf: FsckInput['keyOf'] = (record) => sampleKey(record.parts as never, record.run);

export function openTestStore(
  root: string,
  more: Partial<Pick<OpenOptions, 'redact' | 'index' | 'origin'>> = {},
): Store {
  const opened = openStore({ root, holder: HOLDER, redact: (text) => text, origin: () => null, ...more });
  if (opened.kind === 'err') throw new Error('the store is locked');
  return opened.value;
}

export type Put = {
  readonly of: TestTask;
  readonly text?: string;
  readonly status?: 'failed';
  readonly parts?: readonly Part[];
  readonly output?: ScenarioResult['output'];
  readonly startedAt?: string;
  /** Called when it is durable. */
  readonly kept?: () => void;
};

/** One invocation that puts these at once. */
export async function invoke(store: Store, puts: readonly Put[]): Promise<string> {
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  const all = puts.map(async (put) => {
    await store.put(entryOf(put, invocation));
    put.kept?.();
  });
  const settled = await Promise.allSettled(all);
  await store.end(invocationRecord(invocation, 'complete'));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return invocation;
}

function entryOf({ of, text, status, parts, output, startedAt }: Put, invocation: string): Entry {
  const made = entry(of, {
    invocation,
    ...(text === undefined ? {} : { text }),
    ...(status === undefined ? {} : { status }),
  });
  return {
    ...made,
    parts: parts ?? made.parts,
    record: {
      ...made.record,
      ...(output === undefined ? {} : { output }),
      ...(startedAt === undefined ? {} : { started_at: startedAt }),
    },
  };
}

export function checkStore(root: string, tasks: readonly TestTask[]): FsckReport {
  return fsck({ root, cells: tasks.map(viewCell), keyOf });
}

/** Full paths of the files below a folder of the store; none where there is no such folder. */
export function storeFiles(root: string, folder: string): readonly string[] {
  return filesBelow(root)
    .filter((file) => file.startsWith(`${folder}/`))
    .map((file) => path.join(root, file));
}
