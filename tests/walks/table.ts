// docs/walks.md: what the walks counted, as a table and step by step.
import type { Step, Walked } from './walk.ts';

type Counts = { readonly commands: number; readonly edits: number };

export function countsOf({ steps }: Walked): Counts & { readonly lines: number; readonly seconds: number } {
  const commands = steps.filter((step) => step.kind === 'command');
  return {
    commands: commands.length,
    edits: steps.length - commands.length,
    lines: commands.reduce((sum, { lines }) => sum + lines, 0),
    seconds: commands.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

export function tableOf(walks: readonly Walked[]): string {
  const rows = walks.map((walked) => {
    const { commands, edits, lines, seconds } = countsOf(walked);
    return `| ${walked.direction} | ${commands} | ${edits} | ${lines} | ${seconds.toFixed(1)} |`;
  });
  return [
    '| direction | commands | edits | lines printed | seconds |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

export function stepsOf(walks: readonly Walked[]): string {
  return walks
    .map(
      ({ direction, steps }) => `### ${direction}\n\n\`\`\`console\n${steps.map(lineOf).join('\n')}\n\`\`\``,
    )
    .join('\n\n');
}

function lineOf(step: Step): string {
  if (step.kind === 'edit') return `  edit ${step.what}`;
  if (step.code === null) return `$ ${step.typed}    # its window is closed`;
  return `$ ${step.typed}${step.code === 0 ? '' : `    # exit ${step.code}`}`;
}

/** What the page says of a direction, to be held against what was seen; null = nothing. */
export function countsInPage(page: string, direction: string): Counts | null {
  for (const line of page.split('\n')) {
    const [, name, commands, edits] = line.split('|').map((cell) => cell.trim());
    if (name === direction) return { commands: Number(commands), edits: Number(edits) };
  }
  return null;
}

export function withPart(page: string, part: { readonly name: string; readonly text: string }): string {
  const [begin, end] = [`<!-- ${part.name}:begin -->`, `<!-- ${part.name}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/walks.md has no part ${part.name}`);
  return `${page.slice(0, from)}${begin}\n${part.text}\n${page.slice(to)}`;
}
