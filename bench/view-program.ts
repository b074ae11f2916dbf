// `expgraph view` as somebody starts it, from outside: its address, its screens, and what the process takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { CLI } from './measure.ts';

export type Viewing = AsyncDisposable & {
  /** From the start of the process. */
  elapsedMs(): number;
  /** One screen as text, as it goes over the wire. */
  ask(screen: string): Promise<{ readonly ms: number; readonly value: Record<string, unknown> }>;
  /** Peak resident set by now, in MB. */
  peakMb(): number;
};

export async function startViewing(folder: string): Promise<Viewing> {
  const beganMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'view', '--json', '--no-open'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8');
  while (!text.includes('\n')) text += (await once(child.stdout, 'data'))[0] as string;
  const { origin, hash } = new URL((JSON.parse(text) as { readonly url: string }).url);
  // A connection that is kept may be ended by the server in the moment in which it is used again.
  const headers = { authorization: `Bearer ${hash.replace('#token=', '')}`, connection: 'close' };
  return {
    elapsedMs: () => performance.now() - beganMs,
    async ask(screen) {
      const askedMs = performance.now();
      const answer = await fetch(`${origin}/api/${screen}`, { headers });
      const body = await answer.text();
      const ms = performance.now() - askedMs;
      if (!answer.ok) throw new Error(`${screen}: ${body.slice(0, 400)}`);
      return { ms, value: (JSON.parse(body) as { readonly value: Record<string, unknown> }).value };
    },
    peakMb: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
    },
  };
}
