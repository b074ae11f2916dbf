// Folders of a remote, made when something is written into them. What is shared has the rights of the remote's own folder,
// which whoever set it up has chosen; where it is not there, it is made with the rights that the umask leaves.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Step } from './step.ts';

/** @returns the rights of files in there */
export async function makeFolder(input: {
  readonly root: string;
  readonly folder: string;
  readonly step: Step;
}): Promise<{ readonly fileMode: number }> {
  const { root, folder, step } = input;
  const first = await step(fs.mkdir(root, { recursive: true }));
  if (first !== undefined) await syncFolder(path.dirname(first), step);
  const mode = (await step(fs.stat(root))).mode & 0o2777;
  const parts = path.relative(root, folder).split(path.sep).filter(Boolean);
  for (let depth = 1; depth <= parts.length; depth++) {
    const made = path.join(root, ...parts.slice(0, depth));
    try {
      await step(fs.mkdir(made));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw cause;
    }
    await step(fs.chmod(made, mode)).catch(quietly);
    await syncFolder(path.dirname(made), step);
  }
  return { fileMode: mode & 0o666 };
}

/** The name of a file is durable when its folder is; some systems cannot do that, and do it by themselves. */
export async function syncFolder(folder: string, step: Step): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await step(fs.open(folder, 'r'), (late) => late.close());
  try {
    await step(handle.sync()).catch(quietly);
  } finally {
    await step(handle.close()).catch(() => undefined);
  }
}

function quietly(cause: NodeJS.ErrnoException): void {
  if (!['EPERM', 'ENOTSUP', 'EINVAL', 'ENOSYS', 'EBADF'].includes(cause.code ?? '')) throw cause;
}
