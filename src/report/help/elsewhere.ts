// What is called otherwise elsewhere: in promptfoo, Inspect, pytest, npm, cargo, make, bazel and ninja. A word is offered where the
// program has what it means.

/** What it is called here, and there. */
const COMMANDS: readonly string[] = [
  'run: eval evaluate test exec execute build start rerun',
  'run --failed: retry',
  'plan: dry-run validate cost',
  'plan --explain: explain why',
  'score: judge grade',
  'show: cat inspect',
  'view: ui serve dashboard viewer open',
  'status: list ls results',
  'compare: stats ab',
  'report: summary publish html',
  'review: annotate rate label blind',
  'doctor: check',
  'init: new create',
  'gc: clean prune cache',
  'merge: combine unite union',
  'export: dump',
  'watch: dev',
];

const OPTIONS: readonly string[] = [
  '--file: --config -c --manifest',
  '--concurrency: --max-concurrency --max-connections --jobs --parallel --workers',
  '--retries: --max-retries',
  '--budget-usd: --max-cost --cost-limit',
  '--deadline --timeout: --time-limit',
  '--max-new: --limit',
  '--runs: --repeat --epochs',
  '--scenario: --sample-id --filter-pattern -k',
  '--variant: --model --provider --filter-providers',
  '--failed: --filter-failing --last-failed --lf',
  '--force: --no-cache -B --always-make',
  '--dry-run: --just-print',
  '-C: --directory --cwd',
  '--format: --log-format',
];

export function commandElsewhere(word: string): string | null {
  return meantBy(COMMANDS, word);
}

/** Of some there are two here. */
export function optionsElsewhere(flag: string): readonly string[] {
  return meantBy(OPTIONS, flag)?.split(' ') ?? [];
}

function meantBy(rows: readonly string[], word: string): string | null {
  for (const row of rows) {
    const [here = '', there = ''] = row.split(': ');
    if (there.split(' ').includes(word)) return here;
  }
  return null;
}
