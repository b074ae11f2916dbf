// The real program in a terminal: python's pty is one, and what it shows is what is written to it.
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { CLI, NODE } from './program.ts';
import { BRIDGE } from './pty-bridge.ts';

export type Terminal = {
  /** Everything written so far, control characters and all. */
  shown(): string;
  /** Resolves when this was written after what was waited for before. */
  showing(words: string): Promise<void>;
  press(keys: string): void;
  /** The window is closed: its terminal goes, and who runs in it is told by SIGHUP and by errors. */
  close(): void;
  readonly code: Promise<number | null>;
};

export { HAS_TERMINAL } from './pty-bridge.ts';

export function startInTerminal(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: { readonly [name: string]: string } },
): Terminal {
  const child = spawn('python3', ['-c', BRIDGE, NODE, CLI, ...args], {
    cwd: options.cwd,
    env: {
      PATH: process.env.PATH,
      HOME: options.cwd,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    // Its terminal goes with it, and a program whose terminal goes is told so.
    child.kill('SIGKILL');
  });
  let shown = '';
  let seen = 0;
  let wake = Promise.withResolvers<void>();
  const woken = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    woken();
  });
  let isOver = false;
  const code = new Promise<number | null>((resolve) => {
    child.on('close', (ended) => {
      isOver = true;
      woken();
      resolve(ended);
    });
  });
  return {
    shown: () => shown,
    async showing(words) {
      for (let at = shown.indexOf(words, seen); ; at = shown.indexOf(words, seen)) {
        if (at >= 0) {
          seen = at + words.length;
          return;
        }
        if (isOver) throw new Error(`ended without ${words}:\n${shown}`);
        await wake.promise;
      }
    },
    press: (keys) => {
      child.stdin.write(keys);
    },
    close: () => void child.kill('SIGKILL'),
    code,
  };
}
