// The properties of `npm test`, which tries a fifth of each: here all of them, as part of a torture in full.
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Test files whose numbers of tries hang on EXPGRAPH_ALL. */
export function propertyFiles(root: string): readonly string[] {
  return globSync('tests/**/*.test.ts', { cwd: root })
    .filter((file) => /\/rig\/often\.ts'|EXPGRAPH_ALL/.test(readFileSync(path.join(root, file), 'utf8')))
    .sort();
}

/** @returns whether all of them held; what vitest says of them is printed. */
export async function holdProperties(root: string): Promise<boolean> {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...propertyFiles(root)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, EXPGRAPH_ALL: '1' },
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}
