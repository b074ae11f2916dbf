// A Node 22 to run the built program with: EXPGRAPH_NODE22 names it. `.ci/run` brings one, and a test that lacks it fails there.
import { execFileSync } from 'node:child_process';

/** null = there is none, which is said where tests are listed. */
export const NODE_22 = found();

function found(): string | null {
  const named = process.env.EXPGRAPH_NODE22;
  if (named === undefined || named === '') {
    if (process.env.CI === 'true') throw new Error('CI names no Node 22: set EXPGRAPH_NODE22 to its path');
    return null;
  }
  const version = execFileSync(named, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith('v22.')) throw new Error(`EXPGRAPH_NODE22 is Node ${version}`);
  return named;
}

export const WITH_NODE_22 = NODE_22 === null ? ' (left out: EXPGRAPH_NODE22 names no Node 22)' : '';
