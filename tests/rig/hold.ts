// Runs whose own code asks a server that the test holds: while it does not answer, the run goes on, and has the store.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFiles } from './files.ts';
import type { ModelServer } from './model-server.ts';

/** What own code may do with the files of the store that it runs behind, each a body of `attack()`. */
export const LOOKS = {
  'reads lock.db': 'fs.readFileSync(lock);',
  'opens and closes lock.db': 'fs.closeSync(fs.openSync(lock, "r"));',
  'streams lock.db': 'for await (const _ of fs.createReadStream(lock));',
  'opens lock.db with node:sqlite': 'new DatabaseSync(lock, { readOnly: true }).close();',
  'hashes the whole folder of artifacts': `
    for (const one of fs.readdirSync(artifacts, { recursive: true, withFileTypes: true }))
      if (one.isFile()) createHash('sha256').update(fs.readFileSync(path.join(one.parentPath, one.name))).digest('hex');`,
  'copies the store':
    'fs.cpSync(artifacts, path.join(import.meta.dirname, `copy${Math.random()}`), { recursive: true });',
} as const;

/** The code of an own variant or scorer that does it and then asks the server for its answer. */
export function lookingCode(
  look: string,
  at: { readonly url: string; readonly as: 'variant' | 'scorer' },
): string {
  const member = at.as === 'variant' ? 'run' : 'score';
  const result = at.as === 'variant' ? 'text' : '{ score: 1, reason: text }';
  return `
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
const artifacts = path.join(import.meta.dirname, 'artifacts/small');
const lock = path.join(artifacts, 'lock.db');
export default {
  async ${member}() {
    ${look}
    const answer = await fetch(${JSON.stringify(at.url)}, { method: 'POST', body: '{}' });
    const { text } = await answer.json();
    return ${result};
  },
};
`;
}

export function writeLooking(
  folder: string,
  at: { readonly server: ModelServer; readonly look: string },
): void {
  writeFiles(folder, {
    'experiment.yaml':
      'version: 1\nname: small\nscenarios: [scenarios.jsonl]\nvariants: { mine: { use: ./mine.mjs } }\nexecution: { concurrency: 4, retries: 0 }\n',
    'scenarios.jsonl': ['a', 'b', 'c'].map((id) => `${JSON.stringify({ id, input: id })}\n`).join(''),
    'mine.mjs': lookingCode(at.look, { url: at.server.url, as: 'variant' }),
  });
}

/** Processes that hold the lock of a store below this folder for a run. Linux only. */
export function holdersBelow(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return (
          words.some((word) => word.includes('lock-apart-main')) &&
          words.some((word) => word.startsWith(folder))
        );
      } catch {
        return false;
      }
    });
}

/** Resolves when they are gone: a signal is sent before it strikes, and one that dies has no words before it has closed its files. */
export async function killHolders(folder: string): Promise<void> {
  const holders = holdersBelow(folder);
  for (const pid of holders) process.kill(pid, 'SIGKILL');
  while (holders.some((pid) => existsSync(`/proc/${pid}`)))
    await new Promise((resolve) => setImmediate(resolve));
}
