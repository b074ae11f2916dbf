// Spools hold prompts and answers: what is made for them is shared with whom their folder is shared with, which is
// nobody or its group, whatever the umask says. The folder is made by whoever has read the manifest.
import { chmodSync, fchmodSync, fstatSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Makes a folder and what is missing above it. */
export function makeSpoolFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined || !isShared(path.dirname(first))) return;
  for (let made = folder; ; made = path.dirname(made)) {
    chmodSync(made, 0o2770);
    if (made === first) return;
  }
}

export function openSpoolFile(file: string, flags: 'a' | 'w'): number {
  const fd = openSync(file, flags, 0o600);
  if (isShared(path.dirname(file)) && fstatSync(fd).size === 0) fchmodSync(fd, 0o660);
  return fd;
}

export function writeSpoolFile(
  file: string,
  text: string,
  { flag = 'w' }: { readonly flag?: 'a' | 'w' } = {},
): void {
  writeFileSync(file, text, { flag, mode: 0o600 });
  if (isShared(path.dirname(file)) && (statSync(file).mode & 0o077) === 0) chmodSync(file, 0o660);
}

function isShared(folder: string): boolean {
  return (statSync(folder).mode & 0o020) !== 0;
}
