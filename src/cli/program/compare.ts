// Commands that draw conclusions, and the one that plans for them: compare, power.
import { type Command, declare, Option, type Wiring, withRows, withScope } from '../base.ts';
import { FAIL_UNDER_ROW, JSON_ROW, METRIC_ROW, UNBLIND_ROW } from './rows.ts';

export function addCompare({ program, io, done }: Wiring): void {
  const compare = withScope(
    declare(program).filed(`
    compare        arms against each other, over time, or one alone: intervals, tests, plain words
    [variants...]  names or globs; the first is held against each other one; one name: it alone (default: all)`),
  );
  withRows(compare, [
    METRIC_ROW.replace(
      '(default: score)',
      '(default: score); human, or human.DIMENSION: what people said in closed reviews',
    ),
    '--by <group>        each group as well  { category tag }',
    '--cluster <field>   what scenarios belong to, counted in their place: vars.customer, category; scenario: nothing (default: cluster of the manifest)',
    '--at <moment>       as it was at an invocation or a date; twice: each variant then against itself then (repeatable)',
    '--against <what>    each arm of today against itself: in a folder of results, at an invocation or a date, at a commit or branch',
    '--first-draws       the first completed draw of each cell, whatever was drawn again later',
    '--margin <amount>   whether arms are the same up to it, or not worse by more, in the unit of the metric (0.05, or 5% of a score)',
    '--scorer <name>     only this scorer (repeatable)',
    FAIL_UNDER_ROW,
    '--allow-incomplete    compare what is there, and mark every number',
    '--allow-mixed-models  the same where more than one model answered an arm',
    '--format <format>     how to print  { table json markdown html }  = table',
    '--json                the same as --format json',
    UNBLIND_ROW,
  ]);
  takesHumanMetrics(compare);
  // Taken so that it can be said why they choose nothing here.
  for (const flag of ['--failed', '--not-passed', '--stale', '--differs', '--shard <i/n>'])
    compare.addOption(new Option(flag).hideHelp());
  compare.action(async (variants, options) =>
    done(await (await import('../commands/compare.ts')).compareCommand(io, { ...options, variants })),
  );
}

/** Beside the choices, what people judged: which dimensions there are, closed reviews say. */
function takesHumanMetrics(compare: Command): void {
  const metric = compare.options.find(({ long }) => long === '--metric')!;
  const choose = metric.parseArg!;
  metric.argParser((value: string, before: unknown) =>
    value === 'human' || value.startsWith('human.') ? value : choose(value, before),
  );
}

export function addPower({ program, io, done }: Wiring): void {
  declare(program)
    .filed(`
    power              how many scenarios and runs find a difference, before anything is drawn
    [variants...]      with --from history: whose answers are looked at (default: all)
    --effect <amount>  the true difference to be found, in the unit of the metric (0.1, -0.1, 10%)
    --margin <amount>  instead: to show that arms are within it (what compare --margin shows)
    --from <what>      how answers vary: from those that are there  { history }
    ${METRIC_ROW}
    --base <share>     without --from history: the mean to be expected (default: 0.7)
    --scenarios <n>    the design's scenarios (default: those of the manifest)
    --runs <n>         the design's runs (default: those of the manifest)
    --arms <n>         arms that are compared (default: the variants of the manifest)
    --power <share>    how often it is to be found  = 0.8
    --scorer <name>    with --from history: only this scorer (repeatable)
    ${JSON_ROW}
    ${UNBLIND_ROW}`)
    .action(async (variants, options) =>
      done(await (await import('../commands/power.ts')).powerCommand(io, { ...options, variants })),
    );
}
