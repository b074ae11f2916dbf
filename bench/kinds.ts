// What a task costs by the kind of its variant: own code and programs beside a plain call, 1,000 tasks each and 64 in flight,
// on one simulation that answers at once. The floor is the same call made by expgraph itself: own code makes it with the
// client it is handed. Start-up is in every figure.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLI, median, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

const TASKS = 1_000;
const IN_FLIGHT = 64;
/** Of own code: issue 20. */
const WANTED = { ratio: 1.3, peakMb: 250 };

const OWN = `export default { async run({ client, model, messages, temperature }) {
  const { choices } = await client.chat.completions.create({ model, messages, temperature });
  return choices[0].message.content ?? '';
} };`;
const ASKS_NOBODY = "export default { run: ({ scenario }) => 'done ' + scenario.id };";
/** It asks no model: what is measured is how a program is reached. */
const STAYS = `import json, sys
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "result": "done"}), flush=True)
`;

const KINDS: readonly { readonly what: string; readonly variant: string; readonly isWanted?: true }[] = [
  { what: 'own code that makes the same call', variant: 'use: ./own.ts', isWanted: true },
  { what: 'own code that makes it, in_flight: 16', variant: 'use: ./own.ts, in_flight: 16' },
  { what: 'own code that asks nobody', variant: 'use: ./asks-nobody.ts' },
  {
    what: 'command, a shell an attempt',
    variant: 'command: [sh, -c, "cat > /dev/null; echo \'\\"done\\"\'"]',
  },
  { what: 'stream, Pythons that stay', variant: 'command: [python3, stays.py], protocol: stream' },
];

export async function kinds(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', '0']);
  const once = async (variant: string): Promise<{ readonly wallMs: number; readonly peakMb: number }> => {
    const { folder, remove } = tempFolder();
    try {
      writeFiles(folder, variant, sim.url);
      const run = await runNode([CLI, 'run', '--json'], { cwd: folder });
      const { executed, failed } = JSON.parse(run.stdout) as { executed: number; failed: number };
      if (executed !== TASKS || failed !== 0)
        throw new Error(`not ${TASKS} answers: ${run.stdout.slice(0, 500)}`);
      return run;
    } finally {
      remove();
    }
  };
  try {
    const walls = KINDS.map((): number[] => []);
    const peaks = KINDS.map((): number[] => []);
    const plain: number[] = [];
    const plainPeaks: number[] = [];
    await repeat(3, async () => {
      const floor = await once('');
      plain.push(floor.wallMs);
      plainPeaks.push(floor.peakMb);
      for (const [n, { variant }] of KINDS.entries()) {
        const { wallMs, peakMb } = await once(variant);
        walls[n]!.push(wallMs);
        peaks[n]!.push(peakMb);
      }
    });
    const floorMs = median(plain);
    const perTask = (ms: number): string => `${(ms / TASKS).toFixed(2)} ms`;
    return KINDS.map(({ what, isWanted = false }, n) => {
      const ratio = median(walls[n]!) / floorMs;
      const peakMb = median(peaks[n]!);
      return {
        what: `a task of ${what}, ${TASKS} tasks`,
        floor: `${perTask(floorMs)}, ${median(plainPeaks).toFixed(0)} MB (plain call)`,
        measured: `${perTask(median(walls[n]!))}, ${peakMb.toFixed(0)} MB`,
        ratio: `${ratio.toFixed(2)} x`,
        wanted: isWanted ? `<= ${WANTED.ratio} x, < ${WANTED.peakMb} MB` : '-',
        held: !isWanted || (ratio <= WANTED.ratio && peakMb < WANTED.peakMb),
      };
    });
  } finally {
    await sim.stop();
  }
}

function writeFiles(folder: string, variant: string, url: string): void {
  const scenarios = Array.from({ length: TASKS / 2 }, (_, n) =>
    JSON.stringify({ id: `s:${n}`, input: `task ${n}` }),
  );
  const files = {
    'scenarios.jsonl': `${scenarios.join('\n')}\n`,
    'own.ts': OWN,
    'asks-nobody.ts': ASKS_NOBODY,
    'stays.py': STAYS,
    'experiment.yaml': `version: 1
name: kinds
runs: 2
provider: made
model: sim-small
scenarios: [scenarios.jsonl]
variants: { v: { ${variant} } }
providers: { made: { type: openai, base_url: "${url}", limits: { concurrency: ${IN_FLIGHT} } } }
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}
