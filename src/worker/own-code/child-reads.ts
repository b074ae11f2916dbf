// In a Node program that expgraph, or own code, started: what it reads of the project is told by lines of a file. Loaded
// ahead of the program by observe/reads.cjs, so it imports nothing but Node's own.
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { observeFs } from './fs-reads.ts';

const target = process.env.EXPGRAPH_READS ?? '';
const folders = (process.env.EXPGRAPH_FOLDER ?? '').split('\n').map((folder) => folder + path.sep);
const told = new Set<string>();
const { appendFileSync } = fs;

function tell(kind: 'r' | 'l' | 'w', file: string): void {
  const line = `${kind} ${file}\n`;
  if (told.has(line) || file.includes('\n')) return;
  if (!folders.some((folder) => `${file}${path.sep}`.startsWith(folder))) return;
  told.add(line);
  appendFileSync(target, line, { mode: 0o600 });
}

observeFs(tell);
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) tell('r', fileURLToPath(url));
    return next(url, context);
  },
});
