// What an import prints when it is done. Pure.
import type { SharedSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { commandLines, type Step } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';

export type ImportFacts = {
  readonly format: string;
  readonly dryRun: boolean;
  readonly kept: { readonly imported: number; readonly there: number; readonly failed: number };
  readonly checked: {
    readonly bad: number;
    readonly scores: ReadonlyMap<string, number>;
    readonly unknownVariants: ReadonlySet<string>;
    readonly unknownScenarios: ReadonlySet<string>;
  };
  readonly untakenScores: readonly string[];
  readonly next: readonly Step[];
  readonly remote: SharedSummary | undefined;
};

const MOST_EXAMPLES = 20;
const MOST_NAMES = 6;

export function importJson({ format, dryRun, kept, checked, remote }: ImportFacts): object {
  const { bad, scores, unknownVariants, unknownScenarios } = checked;
  const some = (names: ReadonlySet<string>): readonly string[] => [...names].slice(0, MOST_EXAMPLES);
  return {
    format,
    dry_run: dryRun,
    imported: kept.imported,
    already_there: kept.there,
    failed: kept.failed,
    bad,
    not_in_manifest: {
      variants: unknownVariants.size,
      scenarios: unknownScenarios.size,
      examples: [...some(unknownVariants), ...some(unknownScenarios)],
    },
    scores: Object.fromEntries(scores),
    ...(remote ? { remote } : {}),
  };
}

/** @param options.manifest the file that a scorer would be written into, as the user names it */
export function importText(facts: ImportFacts, options: TextOptions & { readonly manifest: string }): string {
  const { format, kept, checked, untakenScores, next } = facts;
  const verb = facts.dryRun ? 'would import' : 'imported';
  return [
    `${verb} ${kept.imported} results (${format}); ${kept.there} were there already; ${checked.bad} bad ones left out\n`,
    unknownLine('variants', checked.unknownVariants),
    unknownLine('scenarios', checked.unknownScenarios),
    untakenLine(untakenScores, options.manifest),
    next.length === 0 ? '' : commandLines(next, options),
  ].join('');
}

function unknownLine(what: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return '';
  const some = [...names].slice(0, MOST_NAMES).map(sanitizeLine).join(', ');
  const more = names.size > MOST_NAMES ? ', ...' : '';
  return `kept, but not in the manifest: ${names.size} ${what} (${some}${more})\n`;
}

function untakenLine(scores: readonly string[], manifest: string): string {
  if (scores.length === 0) return '';
  const names = scores.slice(0, MOST_NAMES).map(sanitizeLine);
  const more = scores.length > MOST_NAMES ? `, and ${scores.length - MOST_NAMES} more` : '';
  return `they came with scores (${names.join(', ')}${more}), which count as no verdict here; to take one as it is, write in ${manifest}: scorers: [{ precomputed: ${JSON.stringify(scores[0])} }]\n`;
}
