// What a command costs before it does anything, against `node -e 0`: bare processes, as a user starts them. Nothing is loaded
// into them beforehand, as other rows do to learn their memory: it would make the floor slower and the ratio look better.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { CLI, median, type Row, repeat, tempFolder } from './measure.ts';

/** In the folder of the sample, of which all is there: what is typed all day. */
const COMMANDS: { readonly [words: string]: number | null } = {
  '--version': 1.4,
  '--help': null,
  'complete -- plan --va': null,
  plan: 2.5,
  status: null,
  run: null,
};

export async function startup(): Promise<readonly Row[]> {
  const { folder, remove } = tempFolder();
  try {
    const sample = path.join(folder, 'sample');
    await wallMs([CLI, 'init', sample], folder);
    await wallMs([CLI, 'run'], sample);
    const times = new Map<string, number[]>();
    const took = (what: string, ms: number): void => {
      times.set(what, [...(times.get(what) ?? []), ms]);
    };
    // Compiled code is kept at the first start.
    for (const words of Object.keys(COMMANDS)) await wallMs([CLI, ...words.split(' ')], sample);
    await repeat(15, async () => {
      took('', await wallMs(['-e', '0'], sample));
      for (const words of Object.keys(COMMANDS)) {
        took(words, await wallMs([CLI, ...words.split(' ')], sample));
      }
    });
    const floor = median(times.get('')!);
    return Object.entries(COMMANDS).map(([words, limit]) => {
      const ratio = median(times.get(words)!) / floor;
      return {
        what: words === '--version' ? 'start-up of --version' : `${words} of the sample`,
        floor: `${floor.toFixed(0)} ms (node -e 0)`,
        measured: `${median(times.get(words)!).toFixed(0)} ms`,
        ratio: `${ratio.toFixed(2)} x`,
        wanted: limit === null ? '-' : `<= ${limit} x`,
        held: limit === null || ratio <= limit,
      };
    });
  } finally {
    remove();
  }
}

/** One process, from its start to its end. @throws Error with its stderr if it does not exit with 0 */
async function wallMs(args: readonly string[], cwd: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`);
  return performance.now() - started;
}
