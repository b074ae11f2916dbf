// What --help says below the options: examples, exit codes, and what a word cannot.

/** One a line. */
export function examples(lines: string): string {
  const each = lines.split('\n').flatMap((line) => line.trim() || []);
  return `\nExamples:\n${each.map((line) => `  $ ${line}`).join('\n')}\n`;
}

/** Rows of tables of options. */
export const FAIL_UNDER_ROW =
  '--fail-under <share>  exit 6 where fewer answers pass than this, 0.9 or 90% (beside the gate of the manifest)';
export const JUNIT_ROW = '--junit <file>  write a JUnit report of what is in scope to this file';
export const EVENTS_ROW =
  '--events <file>  append one JSON line per event to this file; -: to stdout, the table to stderr';
export const WAIT_FOR_PROVIDER_ROW =
  '--wait-for-provider [time]  wait so long, or for ever, for a server that is not there yet (else 30s)';
export const METRIC_ROW =
  '--metric <metric>  what is compared (default: score)  { score pass tokens latency cost }';

export const WAIT = 'wait for another command that uses the store instead of exit 4';

export const WAIT_ROW = `--wait  ${WAIT}`;

export const FSCK_WORDS = `
Without --repair it reads only and takes no lock.
Exit: 0 clean · 4 damaged or locked
`;

export const REINDEX_WORDS = `
It has no dry run: it writes only what follows from the history, which it never
changes. expgraph fsck says beforehand what is not as the history says.
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

export const PARITY_WORDS = `
Exit: 0 every arm can · 1 an arm cannot express a scenario · 2 usage or manifest
      error
`;

/** Of run. */
export const UNTIL_WORDS = `
With "until:" in the manifest it draws run after run until its goal is
reached (docs/until.md).`;

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
