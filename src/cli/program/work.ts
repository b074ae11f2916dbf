// Commands that do something: run, plan, score.

import {
  collect,
  command,
  Option,
  type Wiring,
  waitForProvider,
  withBudget,
  withFilters,
  withLimits,
} from '../base.ts';
import { EVENTS, EXIT_CODES, examples, WAIT } from '../help/help-words.ts';

const UNTIL = `
With "until:" in the manifest it draws run after run until its goal is
reached (docs/until.md).`;

export function addWork({ program, io, argv, done }: Wiring): void {
  const run = command(program, 'run', 'plan, execute what is pending, refresh the view, print the summary');
  withLimits(withFilters(run.optionsGroup('What:')))
    .optionsGroup('What:')
    .option('--force', 'draw the tasks in scope again; older records stay; a broken-off one goes on')
    .option('--anew', 'with --force: draw again also what the same command drew before it was broken off')
    .option('--offline', 'call no provider: show what is there, exit 1 if something is pending')
    .option('-n, --dry-run', 'say what would run and what it may cost, as plan does; write nothing')
    .option('--no-score', 'draw only: leave the answers unjudged')
    .optionsGroup('Limits:')
    .option('--max-new <tasks>', 'begin at most so many tasks, then exit 3')
    .option(
      '--deadline <time>',
      'begin nothing after this time (90s, 30m, 1.5h), finish what is paid, exit 3',
    )
    .addOption(waitForProvider())
    .option('--wait', WAIT)
    .optionsGroup('Output:')
    .option(
      '--fail-under <share>',
      'exit 6 where fewer answers pass than this, 0.9 or 90% (beside the gate of the manifest)',
    )
    .option('--json', 'print the summary as one JSON document')
    .option('--junit <file>', 'write a JUnit report of what is in scope to this file')
    .option('--events <file>', EVENTS)
    .option(
      '--langsmith-flush <time>',
      'wait so long for the last traces to be sent; else only as long as it is not felt',
    )
    .option('--langsmith-required', 'exit 1 if a trace could not be sent (waits up to 60s)')
    .addHelpText(
      'after',
      examples([
        'expgraph run',
        "expgraph run --scenario 'ambiguous:*' --variant applike --force",
        'expgraph run --failed',
        'expgraph run --budget-usd 5 -j 16',
        'expgraph run --max-new 10 --deadline 30m',
        'expgraph run --runs 1,3-5 --json > summary.json',
        'expgraph run --fail-under 0.9',
        'expgraph run --wait',
      ]) + EXIT_CODES,
    )
    .addHelpText('after', UNTIL)
    .action(async (options) =>
      done(await (await import('../commands/run.ts')).runCommand(io, { ...options, argv })),
    );

  withBudget(withFilters(command(program, 'plan', 'what would run, why, and what it will cost')))
    .option('--explain', 'which part of each stale task changed, from what to what')
    .option('--force', 'plan as run --force would')
    .option('--anew', 'with --force: plan as if the same command had not been broken off')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'mermaid', 'dot'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        'expgraph plan',
        'expgraph plan --explain',
        'expgraph plan --budget-usd 5',
        'expgraph plan --format mermaid > plan.mmd',
      ]),
    )
    .action(async (options) => done(await (await import('../commands/plan.ts')).planCommand(io, options)));

  const score = command(
    program,
    'score',
    'judge what is drawn and not judged yet; no variant is asked anything',
  );
  withLimits(withFilters(score.optionsGroup('What:')))
    .optionsGroup('What:')
    .option('--scorer <name>', 'only this scorer (repeatable)', collect)
    .option('--at <moment>', 'what counted then (an invocation, a date, now), gone scenarios and imports too')
    .option(
      '--fail-under <share>',
      'exit 6 where fewer answers pass than this, 0.9 or 90% (beside the gate of the manifest)',
    )
    .option(
      '--calibrate',
      "hold scorers against people's verdicts (calibrate: of a scorer, langsmith feedback under its name)",
    )
    .option('--force', 'judge again what is judged; older scores stay in the history')
    .option('-n, --dry-run', 'say what would be judged and what judges may take; write nothing')
    .optionsGroup('Limits:')
    .addOption(waitForProvider())
    .option('--wait', WAIT)
    .optionsGroup('Output:')
    .option('--json', 'as one JSON document')
    .option('--junit <file>', 'write a JUnit report of what is in scope to this file')
    .option('--events <file>', EVENTS)
    .addHelpText(
      'after',
      examples([
        'expgraph score',
        'expgraph score --scorer expect --force',
        'expgraph score --category ambiguous --json',
        'expgraph score --calibrate --scorer polite',
      ]) + EXIT_CODES,
    )
    .action(async (options) =>
      done(await (await import('../commands/score.ts')).scoreCommand(io, { ...options, argv })),
    );
}
