// Where the results come from: the commit of the experiment's folder, and the versions of what ran.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export type Provenance = {
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
  readonly expgraph: string;
  readonly node: string;
  readonly platform: string;
};

/** Asked only when something is executed: git costs more than a whole null run. */
export async function provenance(folder: string): Promise<Provenance> {
  return {
    git: await gitState(folder),
    expgraph: packageVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}

export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** null outside of a repository, without git, or where git takes longer than two seconds. */
async function gitState(folder: string): Promise<Provenance['git']> {
  const run = promisify(execFile);
  const options = { cwd: folder, timeout: 2_000, maxBuffer: 16 << 20 };
  try {
    const [commit, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], options),
      run('git', ['status', '--porcelain', '--untracked-files=normal', '.'], options),
    ]);
    return { commit: commit.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return null;
  }
}
