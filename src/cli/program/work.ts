// Commands that do something: run, plan, score, watch.
import { command, type Wiring, withBudget, withFilters, withLimits, withOptions } from '../base.ts';
import {
  EVENTS_ROW,
  EXIT_CODES,
  examples,
  FAIL_UNDER_ROW,
  JUNIT_ROW,
  UNTIL_WORDS,
  WAIT_FOR_PROVIDER_ROW,
  WAIT_ROW,
  WATCH_WORDS,
} from '../help/help-words.ts';

export function addWork({ program, io, argv, done }: Wiring): void {
  const limited = (name: string, about: string) =>
    withLimits(withFilters(command(program, name, about).optionsGroup('What:')));
  withOptions(
    limited('run', 'plan, execute what is pending, refresh the view, print the summary'),
    `
    What:
    --force        draw the tasks in scope again; older records stay; a broken-off one goes on
    --anew         with --force: draw again also what the same command drew before it was broken off
    --offline      call no provider: show what is there, exit 1 if something is pending
    -n, --dry-run  say what would run and what it may cost, as plan does; write nothing
    --no-score     draw only: leave the answers unjudged
    Limits:
    --max-new <tasks>  begin at most so many tasks, then exit 3
    --deadline <time>  begin nothing after this time (90s, 30m, 1.5h), finish what is paid, exit 3
    ${WAIT_FOR_PROVIDER_ROW}
    ${WAIT_ROW}
    Output:
    ${FAIL_UNDER_ROW}
    --json  print the summary as one JSON document
    ${JUNIT_ROW}
    ${EVENTS_ROW}
    --langsmith-flush <time>  wait so long for the last traces to be sent; else only as long as it is not felt
    --langsmith-required      exit 1 if a trace could not be sent (waits up to 60s)`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph run
        expgraph run --scenario 'ambiguous:*' --variant applike --force
        expgraph run --failed
        expgraph run --budget-usd 5 -j 16
        expgraph run --max-new 10 --deadline 30m
        expgraph run --runs 1,3-5 --json > summary.json
        expgraph run --fail-under 0.9
        expgraph run --wait`) + EXIT_CODES,
    )
    .addHelpText('after', UNTIL_WORDS)
    .action(async (options) =>
      done(await (await import('../commands/run.ts')).runCommand(io, { ...options, argv })),
    );

  withOptions(
    withBudget(withFilters(command(program, 'plan', 'what would run, why, and what it will cost'))),
    `
    --explain          which part of each stale task changed, from what to what
    --force            plan as run --force would
    --anew             with --force: plan as if the same command had not been broken off
    --format <format>  how to print  { table json mermaid dot }  = table
    --json             the same as --format json`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph plan
        expgraph plan --explain
        expgraph plan --budget-usd 5
        expgraph plan --format mermaid > plan.mmd`),
    )
    .action(async (options) => done(await (await import('../commands/plan.ts')).planCommand(io, options)));

  withOptions(
    limited('score', 'judge what is drawn and not judged yet; no variant is asked anything'),
    `
    What:
    --scorer <name>  only this scorer (repeatable)
    --at <moment>    what counted then (an invocation, a date, now), gone scenarios and imports too
    ${FAIL_UNDER_ROW}
    --calibrate      hold scorers against people's verdicts (calibrate: of a scorer, langsmith feedback under its name)
    --force          judge again what is judged; older scores stay in the history
    -n, --dry-run    say what would be judged and what judges may take; write nothing
    Limits:
    ${WAIT_FOR_PROVIDER_ROW}
    ${WAIT_ROW}
    Output:
    --json  as one JSON document
    ${JUNIT_ROW}
    ${EVENTS_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph score
        expgraph score --scorer expect --force
        expgraph score --category ambiguous --json
        expgraph score --calibrate --scorer polite`) + EXIT_CODES,
    )
    .action(async (options) =>
      done(await (await import('../commands/score.ts')).scoreCommand(io, { ...options, argv })),
    );
}

export function addWatch({ program, io, argv, done }: Wiring): void {
  const about = 'run what each save makes stale; what costs much is asked about first';
  withOptions(
    withLimits(withFilters(command(program, 'watch', about).optionsGroup('What:'))),
    `
    What:
    --yes           ask nothing, whatever it costs
    --no-run        only plan and show: start nothing
    -n, --dry-run   the same as --no-run
    --retry-failed  begin with the tasks that failed before; later ones wait until they change
    Limits:
    ${WAIT_FOR_PROVIDER_ROW}
    Output:
    --no-clear  append to the terminal instead of drawing it anew
    --json      one JSON line per round on stdout, text on stderr
    ${EVENTS_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph watch
        expgraph watch --variant applike --scenario 'ambiguous:*'
        expgraph watch --no-run
        expgraph watch --yes --json >> rounds.jsonl`) + WATCH_WORDS,
    )
    .action(async (options) =>
      done(await (await import('../commands/watch.ts')).watchCommand(io, { ...options, argv })),
    );
}
