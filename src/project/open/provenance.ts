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

/** null outside of a repository, before its first commit, without git, or where git takes longer than two seconds. */
async function gitState(folder: string): Promise<Provenance['git']> {
  // One question for both: a process costs more than what it says.
  const question = ['status', '--porcelain=v2', '--branch', '--untracked-files=normal', '.'];
  try {
    const options = { cwd: folder, timeout: 2_000, maxBuffer: 16 << 20 };
    const { stdout } = await promisify(execFile)('git', question, options);
    const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(stdout)?.[1];
    if (commit === undefined) return null;
    return { commit, dirty: /^[^#]/m.test(stdout) };
  } catch {
    return null;
  }
}
