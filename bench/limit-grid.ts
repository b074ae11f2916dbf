// Every account of the grid, played in time that is turned by hand: what the finder of limits makes of each.
import { allCells, type CellResult, MOST_REFUSED, nameOfCell, playCell } from '../tests/rig/limit-grid.ts';
import type { Row } from './measure.ts';

type Played = CellResult & { readonly name: string };

/** How near a cell is to what is asked of it; 1 = just held. */
const strain = ({ wallMs, boundMs, refusedLate, failed }: Played): number =>
  Math.max(wallMs / boundMs, refusedLate / MOST_REFUSED, failed > 0 ? Number.POSITIVE_INFINITY : 0);

export function limitGrid(): Row {
  const startedMs = process.cpuUsage().user / 1000;
  const played = allCells().map((cell): Played => ({ ...playCell(cell), name: nameOfCell(cell) }));
  const cpuMs = process.cpuUsage().user / 1000 - startedMs;
  const missed = played.filter(({ held }) => !held).length;
  const calls = played.reduce((sum, { sent }) => sum + sent, 0);
  const ratios = played.map(({ wallMs, idealMs }) => wallMs / idealMs).sort((a, b) => a - b);
  const worst = [...played].sort((a, b) => strain(b) - strain(a)).slice(0, 10);
  return {
    what: `${played.length} accounts with limits that nobody declared, played`,
    floor: 'the least that any client could take',
    measured: `${missed} beyond their bound, ${(cpuMs / 1000).toFixed(0)} s CPU for ${(calls / 1e6).toFixed(1)} million calls`,
    ratio: `${ratios[Math.floor(ratios.length / 2)]!.toFixed(3)} x (median)`,
    wanted: 'each at most 1.15 x and 10 s, 5 % refused after 5 s, none failed',
    held: missed === 0,
    under: ['', 'The ten accounts that come nearest to their bound:', '', ...worst.map(lineOf)],
  };
}

function lineOf({ name, wallMs, idealMs, boundMs, refusedLate }: Played): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const refused = (refusedLate * 100).toFixed(1);
  return `  ${seconds(wallMs)} s of ${seconds(boundMs)} (ideal ${seconds(idealMs)}), ${refused} % refused: ${name}`;
}
