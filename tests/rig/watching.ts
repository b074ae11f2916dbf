// `expgraph watch --json` inside a test: its lines one by one, as they come.
import path from 'node:path';
import type { Ended } from './program.ts';
import { startCli } from './started.ts';

// biome-ignore lint/suspicious/noExplicitAny: lines are looked at piece by piece
type Line = any;

export type Watching = {
  /** The next line of this kind that nobody has taken yet. */
  next(kind: 'round' | 'watching' | 'left'): Promise<Line>;
  /** Rounds that nobody has taken so far. */
  untaken(): readonly Line[];
  /** What it printed for people so far. */
  said(): string;
  /** Resolves when it has printed this for people. */
  saying(words: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
};

export function startWatching(folder: string, args: readonly string[] = []): Watching {
  const { child, ended } = startCli(['watch', '--json', ...args], { cwd: path.resolve(folder) });
  const lines: Line[] = [];
  let rest = '';
  let said = '';
  let wake = Promise.withResolvers<void>();
  const woken = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  child.stdout!.on('data', (text: string) => {
    const whole = (rest + text).split('\n');
    rest = whole.pop()!;
    lines.push(...whole.map((line) => JSON.parse(line)));
    woken();
  });
  child.stderr!.on('data', (text: string) => {
    said += text;
    woken();
  });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    woken();
  });
  const until = async <Found>(find: () => Found | null): Promise<Found> => {
    for (;;) {
      const found = find();
      if (found !== null) return found;
      if (isOver) throw new Error(`watch ended: ${said}`);
      await wake.promise;
    }
  };
  return {
    next: (kind) =>
      until(() => {
        const at = lines.findIndex((line) => line.kind === kind);
        return at < 0 ? null : lines.splice(at, 1)[0];
      }),
    untaken: () => lines.filter(({ kind }) => kind === 'round'),
    said: () => said,
    saying: async (words) => {
      await until(() => (said.includes(words) ? true : null));
    },
    signal: (name) => child.kill(name),
    ended,
  };
}
