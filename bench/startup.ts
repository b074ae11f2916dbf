// What a command costs before it does anything, against `node -e 0`: bare processes, as a user starts them. Nothing is loaded
// into them beforehand, as other rows do to learn their memory: it would make the floor slower and the ratio look better.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { CLI, median, type Row, repeat, tempFolder } from './measure.ts';

/** In the folder of the sample, of which all is there: what is typed all day. */
const COMMANDS: { readonly [what: string]: { readonly words: readonly string[]; readonly limit?: number } } =
  {
    'start-up of --version': { words: ['--version'], limit: 1.4 },
    '--help': { words: ['--help'] },
    'a press of Tab': { words: ['complete', 'bash', '--', 'expgraph plan --va', ' =:'] },
    'plan of the sample': { words: ['plan'], limit: 2.5 },
    'status of the sample': { words: ['status'] },
    'run of the sample, nothing to do': { words: ['run'] },
  };

export async function startup(): Promise<readonly Row[]> {
  const { folder, remove } = tempFolder();
  try {
    const sample = path.join(folder, 'sample');
    await wallMs([CLI, 'init', sample], folder);
    await wallMs([CLI, 'run'], sample);
    const started = (words: readonly string[]): Promise<number> => wallMs([CLI, ...words], sample);
    // Compiled code is kept at the first three starts.
    await repeat(3, async () => {
      for (const { words } of Object.values(COMMANDS)) await started(words);
    });
    const floors: number[] = [];
    const times = new Map<string, number[]>(Object.keys(COMMANDS).map((what) => [what, []]));
    await repeat(15, async () => {
      floors.push(await wallMs(['-e', '0'], sample));
      for (const [what, { words }] of Object.entries(COMMANDS)) times.get(what)!.push(await started(words));
    });
    const floor = median(floors);
    return Object.entries(COMMANDS).map(([what, { limit }]) => {
      const took = median(times.get(what)!);
      return {
        what,
        floor: `${floor.toFixed(0)} ms (node -e 0)`,
        measured: `${took.toFixed(0)} ms`,
        ratio: `${(took / floor).toFixed(2)} x`,
        wanted: limit === undefined ? '-' : `<= ${limit} x`,
        held: limit === undefined || took / floor <= limit,
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
