// A remote without a disk or a network: for tests of whoever shares results. Several may be opened on the same files.
import { checkName } from './name.ts';
import { RemoteError, type RemoteFiles } from './remote.ts';

export type MemoryOptions = {
  /** Left out = its own. */
  readonly files?: Map<string, Uint8Array>;
  /** Whether it takes files (default true). */
  readonly isWritable?: boolean;
};

export function openMemory({ files = new Map(), isWritable = true }: MemoryOptions = {}): RemoteFiles {
  let canWrite: RemoteFiles['canWrite'] = 'unknown';
  const shown = 'memory';
  // As over a network, nothing is done in the turn of the loop in which it is asked.
  const turn = async (name: string, signal: AbortSignal): Promise<void> => {
    checkName(name);
    signal.throwIfAborted();
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  };
  return {
    shown,
    get canWrite() {
      return canWrite;
    },
    async get(name, { maxBytes, signal }) {
      await turn(name, signal);
      const bytes = files.get(name);
      if (bytes === undefined) return null;
      if (bytes.length > maxBytes)
        throw new RemoteError({
          kind: 'too-large',
          message: `${shown}: ${name} is larger than ${maxBytes} bytes`,
        });
      return bytes.slice();
    },
    async create(name, bytes, signal) {
      await turn(name, signal);
      if (!isWritable) {
        canWrite = 'no';
        throw new RemoteError({ kind: 'forbidden', message: `${shown}: ${name} may not be written` });
      }
      canWrite = 'yes';
      if (files.has(name)) return 'there';
      files.set(name, bytes.slice());
      return 'made';
    },
    async [Symbol.asyncDispose]() {},
  };
}
