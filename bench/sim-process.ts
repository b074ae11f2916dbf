// A simulation in a process of its own, so that playing a model takes no time from what is measured.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CLI } from './measure.ts';

export type Sim = { readonly url: string; stop(): Promise<void> };

export async function startSimProcess(args: readonly string[]): Promise<Sim> {
  const child = spawn(process.execPath, [CLI, 'sim', '--port', '0', '--spread', '0', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve) => lines.once('line', resolve));
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
