// What --help says below the options: examples, exit codes, and what a word cannot.

export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

export const WAIT = 'wait for another command that uses the store instead of exit 4';

export const EVENTS = 'append one JSON line per event to this file; -: to stdout, the table to stderr';

export const FSCK_WORDS = `
Without --repair it reads only and takes no lock.
Exit: 0 clean · 4 damaged or locked
`;

export const GC_WORDS = `
Off by default: without --yes it prints what would go and, in a terminal, asks.
What the view shows never goes, nor do records of the newest invocation while
it runs. Lines leave whole for archive/, each leaving a tombstone; history, show
and diff go on naming them.
Exit: 0 done, or nothing to do, or not done · 2 usage error · 4 store locked or
      damaged
`;

export const COMPARE_WORDS = `
Scenarios are the units: runs of one scenario are not independent. Incomplete
arms and arms that more than one model answered are refused unless you say
otherwise. Cells that were drawn again in one arm only are told, with what their
first draws say (--first-draws). It reads only.
Exit: 0 compared · 1 refused: stale, missing, failed or unscored cells, mixed
      models · 2 usage or manifest error · 6 a gate is broken
`;

export const EXIT_CODES = `
Exit: 0 complete · 1 some tasks failed or are missing · 2 usage or manifest
      error · 3 budget, --max-new or --deadline reached · 4 store locked or
      damaged · 6 a gate is broken · 130 interrupted (what finished is kept)
`;

export const WATCH_WORDS = `
Keys: Enter or r runs what failed or is left, q or Ctrl-C leaves. A save while
tasks run never stops a call: it is planned next. A task that failed is tried
again when it has changed, or by Enter. Rounds above watch.confirm_usd, or of
unknown cost, are asked about; where nobody can be asked they do not run without
--yes.
Exit: 0 left while it waited · 2 usage error · 4 store damaged · 130 left while
      tasks ran (what finished is kept)
`;

export const COMPLETION_WORDS = `
Install:
  bash  expgraph completion bash >> ~/.bashrc
  zsh   expgraph completion zsh > "\${fpath[1]}/_expgraph"
  fish  expgraph completion fish > ~/.config/fish/completions/expgraph.fish
Without a global install: alias expgraph='npx expgraph' (names come from the
project's own). Names of variants, scenarios, categories, tags, scorers and
invocations come from the manifest and the store of the folder, -C and -f.
`;
