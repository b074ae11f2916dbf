// Which script is whose: an id before globs, then in the order of writing; the same for the names of variants.
import { matchesGlob } from './glob.ts';
import type { Played, PlayedRule, PlayedRun } from './played.ts';

type Cell = { readonly variant: string; readonly scenario: string };

/** null = the simulation plays by its own rules. */
export function playedBy(played: Played | undefined, cell: Cell): number | null {
  if (played === undefined) return null;
  const fitting = played.rules.filter((rule) => fits(rule, cell));
  return (fitting.find((rule) => rule.scenario === cell.scenario) ?? fitting[0])?.script ?? null;
}

/** What of it counts for the cell, see docs/keys.md: a script does, what a model is likely to say does not. */
export function scriptOf(played: Played | undefined, cell: Cell): readonly PlayedRun[] | null {
  const at = playedBy(played, cell);
  const script = at === null ? null : played!.scripts[at]!;
  return script === null || 'likely' in script ? null : script;
}

function fits({ scenario, variant }: PlayedRule, cell: Cell): boolean {
  if (scenario !== cell.scenario && !matchesGlob(scenario, cell.scenario)) return false;
  return (
    variant === null || variant === nameWithoutMatrix(cell.variant) || matchesName(variant, cell.variant)
  );
}

function matchesName(variant: string, name: string): boolean {
  return variant === name || matchesGlob(variant, name);
}

/** `terse[model=sim-small]` -> `terse`: one name for the whole matrix. */
function nameWithoutMatrix(name: string): string {
  return name.replace(/\[.*$/s, '');
}

/**
 * The simulation's address for one script: a path, so that whatever asks on the cell's behalf is answered by it, the
 * program's own clients too. `answered`: how often the conversation was answered before it begins.
 */
export function playedAddress(
  url: string,
  input: { readonly script: number; readonly answered: number },
): string {
  return url.replace(/\/v1$/, `/played/${input.script}.${input.answered}/v1`);
}

/** What stands before the path of the API, and the path without it. */
export function readPlayedPath(
  path: string,
): { readonly script: number; readonly answered: number; readonly rest: string } | null {
  const match = /^\/played\/(\d{1,9})\.(\d{1,9})(\/.*)$/.exec(path);
  return match && { script: Number(match[1]), answered: Number(match[2]), rest: match[3]! };
}

/** How often somebody answers in a conversation: messages that follow one another are one answer. */
export function answersIn(roles: readonly string[]): number {
  return roles.filter((role, i) => role === 'assistant' && roles[i - 1] !== 'assistant').length;
}
