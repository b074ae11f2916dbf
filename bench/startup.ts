// What a command costs before it does anything, against `node -e 0`.
import { CLI, type Measured, medianWall, ROOT, type Row, repeat, runNode } from './measure.ts';

export async function startup(): Promise<readonly Row[]> {
  const bare: Measured[] = [];
  const version: Measured[] = [];
  const planned: Measured[] = [];
  await runNode([CLI, 'plan'], { cwd: ROOT });
  await repeat(9, async () => {
    bare.push(await runNode(['-e', '0']));
    version.push(await runNode([CLI, '--version']));
    planned.push(await runNode([CLI, 'plan'], { cwd: ROOT }));
  });
  const floor = medianWall(bare);
  const row = (what: string, runs: readonly Measured[], limit: number | null): Row => {
    const ratio = medianWall(runs) / floor;
    return {
      what,
      floor: `${floor.toFixed(0)} ms (node -e 0)`,
      measured: `${medianWall(runs).toFixed(0)} ms`,
      ratio: `${ratio.toFixed(2)} x`,
      wanted: limit === null ? '-' : `under ${limit} x`,
      held: limit === null || ratio < limit,
    };
  };
  return [row('start-up of --version', version, null), row('plan of the sample', planned, 5)];
}
