// Under which heading of --help each command stands, and in which order.
import type { Command } from '../base.ts';

export const HEADINGS: readonly { readonly heading: string; readonly commands: readonly string[] }[] = [
  { heading: 'Begin', commands: ['init', 'doctor', 'schema', 'sim'] },
  { heading: 'Run', commands: ['plan', 'prices', 'run', 'worker', 'queue', 'score', 'watch'] },
  { heading: 'Read', commands: ['status', 'view', 'show', 'log', 'history', 'diff'] },
  { heading: 'Judge', commands: ['review'] },
  { heading: 'Compare', commands: ['compare', 'report', 'power', 'variants', 'parity'] },
  { heading: 'Exchange', commands: ['import', 'export', 'merge', 'remote', 'langsmith'] },
  { heading: 'Keep', commands: ['fsck', 'gc', 'reindex', 'batches'] },
  { heading: 'Help', commands: ['help', 'completion'] },
];

/** A command that no heading names stands at the end, under `Commands`; a test says so. */
export function inGroups(program: Command): void {
  const order = HEADINGS.flatMap(({ commands }) => commands);
  const place = (command: Command): number => {
    const at = order.indexOf(command.name());
    return at < 0 ? order.length : at;
  };
  (program.commands as Command[]).sort((a, b) => place(a) - place(b));
  for (const command of program.commands) {
    const own = HEADINGS.find(({ commands }) => commands.includes(command.name()));
    if (own) command.helpGroup(`${own.heading}:`);
  }
}
