// CPU time of whole process trees, as the kernel adds it up for whoever waited for them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** User and system time of all children that have ended, theirs included, in milliseconds; null = not Linux. */
export function childrenCpuMs(): number | null {
  if (process.platform !== 'linux') return null;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name of the program may hold blanks; what comes after its parenthesis begins with field 3 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[16 - 3], fields[17 - 3]];
  return ((Number(user) + Number(system)) * 1000) / ticksPerSecond();
}

let ticks: number | null = null;

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}
