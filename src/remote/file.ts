// A folder as a remote: of this machine, or of a share that several have mounted. A file is written beside its place, made
// durable and then linked into it: link(2) fails where something is, so of several writers one wins, over NFS as well.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RemoteSettings } from '../core/remote.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { checkName } from './name.ts';
import { RemoteError, type RemoteFiles, type RemoteWorld } from './remote.ts';
import { makeStep, type Step } from './step.ts';

/** Read and written at one time: a share that hangs is noticed between two of them. */
const CHUNK_BYTES = 1024 * 1024;

export function openFolder(
  settings: Pick<RemoteSettings, 'url' | 'timeoutMs'>,
  { clock }: Pick<RemoteWorld, 'clock'>,
): RemoteFiles {
  const root = fileURLToPath(settings.url);
  const shown = settings.url;
  const steps = (signal: AbortSignal): Step =>
    makeStep({ clock, timeoutMs: settings.timeoutMs, shown, signal });
  let canWrite: RemoteFiles['canWrite'] = 'unknown';
  return {
    shown,
    get canWrite() {
      return canWrite;
    },
    async get(name, { maxBytes, signal }) {
      checkName(name);
      signal.throwIfAborted();
      const step = steps(signal);
      const file = path.join(root, name);
      try {
        // A pipe or a device would hold whoever opens it.
        const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
        const handle = await step(fs.open(file, flags), (late) => late.close());
        try {
          const stat = await step(handle.stat());
          if (!stat.isFile())
            throw new RemoteError({ kind: 'refused', message: `${shown}: ${name} is no plain file` });
          if (stat.size > maxBytes) throw tooLarge({ shown, name, maxBytes });
          return await readAll({ handle, step, maxBytes, tooLarge: tooLarge({ shown, name, maxBytes }) });
        } finally {
          await step(handle.close()).catch(() => undefined);
        }
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        signal.throwIfAborted();
        throw describe(cause, { shown, name });
      }
    },
    async create(name, bytes, signal) {
      checkName(name);
      signal.throwIfAborted();
      const step = steps(signal);
      try {
        const end = await createFile({ root, name, bytes, step, shown });
        canWrite = 'yes';
        return end;
      } catch (cause) {
        signal.throwIfAborted();
        const error = describe(cause, { shown, name });
        if (error.kind === 'forbidden' || error.kind === 'unsupported') canWrite = 'no';
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function readAll(input: {
  readonly handle: fs.FileHandle;
  readonly step: Step;
  readonly maxBytes: number;
  readonly tooLarge: RemoteError;
}): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await input.step(input.handle.read(chunk, 0, chunk.length, size));
    if (bytesRead === 0) return Buffer.concat(chunks, size);
    size += bytesRead;
    // It may have grown since it was looked at.
    if (size > input.maxBytes) throw input.tooLarge;
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

type Creation = {
  readonly root: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly step: Step;
  readonly shown: string;
};

async function createFile({ root, name, bytes, step, shown }: Creation): Promise<'made' | 'there'> {
  const file = path.join(root, name);
  const folder = path.dirname(file);
  const isThere = await step(fs.lstat(file)).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return false;
      throw cause;
    },
  );
  // Whether it may be written is found out all the same by whoever asks for a name that is new.
  if (isThere) return 'there';
  const { fileMode } = await makeFolder({ root, folder, step });
  // No name of a remote begins with a dot.
  const written = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  const handle = await step(fs.open(written, 'wx', fileMode), (late) => late.close());
  try {
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await step(
          handle.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at), at),
        );
        at += bytesWritten;
      }
      await step(handle.chmod(fileMode)).catch(unlessUnknown);
      await step(handle.sync());
    } finally {
      await step(handle.close()).catch(() => undefined);
    }
    const end = await link({ written, file, step, shown });
    if (end === 'made') await syncFolder(folder, step);
    return end;
  } finally {
    await step(fs.rm(written, { force: true })).catch(() => undefined);
  }
}

async function link(input: {
  readonly written: string;
  readonly file: string;
  readonly step: Step;
  readonly shown: string;
}): Promise<'made' | 'there'> {
  const { written, file, step, shown } = input;
  try {
    await step(fs.link(written, file));
    return 'made';
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // NFS may do it and lose the answer, and asks again by itself: then there are two names of what we wrote.
    if (code === 'EEXIST') return (await step(fs.stat(written))).nlink === 2 ? 'made' : 'there';
    if (code !== undefined && NO_LINKS.has(code))
      throw new RemoteError({
        kind: 'unsupported',
        message: `${shown}: this file system has no hard links (${code}), so two writers cannot be told apart`,
        advice: 'use a folder on another file system, or a remote at s3:// or https://',
        cause,
      });
    throw cause;
  }
}

/** What file systems say that have no hard links; what is not allowed at all was found out when the file was written. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR']);

/** Some file systems know no modes. */
function unlessUnknown(cause: NodeJS.ErrnoException): void {
  if (!['EPERM', 'ENOTSUP', 'EINVAL', 'ENOSYS'].includes(cause.code ?? '')) throw cause;
}

function tooLarge(input: { readonly shown: string; readonly name: string; readonly maxBytes: number }) {
  const message = `${input.shown}: ${input.name} is larger than ${input.maxBytes} bytes`;
  return new RemoteError({ kind: 'too-large', message });
}

function describe(
  cause: unknown,
  { shown, name }: { readonly shown: string; readonly name: string },
): RemoteError {
  if (cause instanceof RemoteError) return cause;
  const { code = 'no code', message } = cause as NodeJS.ErrnoException;
  const words = WORDS[code];
  if (words === undefined)
    return new RemoteError({ kind: 'refused', message: `${shown}: ${name}: ${message}`, cause });
  const [kind, what, advice] = words;
  return new RemoteError({ kind, message: `${shown}: ${name}: ${what} (${code})`, advice, cause });
}

const MODES = 'correct the permissions of the folder; reading needs r and x, writing w as well';
const MOUNT = 'look at the mount of the share';

const WORDS: { readonly [code: string]: readonly [RemoteError['kind'], string, string | null] } = {
  EACCES: ['forbidden', 'not allowed', MODES],
  EPERM: ['forbidden', 'not allowed', MODES],
  EROFS: ['forbidden', 'the file system is read-only', null],
  ENOTDIR: ['refused', 'what should be a folder is a file', 'correct the path under "remote"'],
  ELOOP: ['refused', 'it is a symbolic link', 'a remote holds plain files'],
  ENOSPC: ['refused', 'no space left', 'make room'],
  EDQUOT: ['refused', 'the quota is used up', 'make room'],
  EIO: ['network', 'the disk or the share does not answer', MOUNT],
  ESTALE: ['network', 'the share was mounted anew', MOUNT],
  ENOTCONN: ['network', 'the share is not connected', MOUNT],
  EHOSTDOWN: ['network', 'the host of the share is down', MOUNT],
  EHOSTUNREACH: ['network', 'the host of the share cannot be reached', MOUNT],
  ETIMEDOUT: ['network', 'the share did not answer in time', MOUNT],
};
