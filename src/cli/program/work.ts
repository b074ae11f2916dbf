// Commands that do something: run, plan, score, watch.
import { declare, type Wiring, withBudget, withRows } from '../base.ts';
import {
  BATCH_ROW,
  EVENTS_ROW,
  EXECUTOR_ROW,
  FAIL_UNDER_ROW,
  JSON_ROW,
  JUNIT_ROW,
  NO_BATCH_ROW,
  OFFLINE_REMOTE_ROW,
  PATIENCE_ROW,
  REDIS_ROW,
  UNBLIND_ROW,
  WAIT_ROW,
} from './rows.ts';

export function addWork({ program, io, argv, done }: Wiring): void {
  const { filtered, limited } = declare(program);
  limited(`
    run            plan, execute what is pending, refresh the view, print the summary
    What:
    --force        draw the tasks in scope again; older records stay; a broken-off one goes on
    --anew         with --force: draw again also what the same command drew before it was broken off
    --offline      call no provider: show what is there, exit 1 if something is pending
    ${OFFLINE_REMOTE_ROW}
    -n, --dry-run  say what would run and what it may cost, as plan does; write nothing
    --no-score     draw only: leave the answers unjudged
    Limits:
    ${BATCH_ROW}
    ${NO_BATCH_ROW}
    --send-only        end when batches are out, with exit 3; the next run fetches their answers
    --max-new <tasks>  begin at most so many tasks, then exit 3
    --deadline <time>  begin nothing after this time (90s, 30m, 1.5h), finish what is paid, exit 3
    ${PATIENCE_ROW}
    ${WAIT_ROW}
    Where:
    ${EXECUTOR_ROW}
    ${REDIS_ROW}
    Output:
    ${FAIL_UNDER_ROW}
    --json  print the summary as one JSON document
    ${JUNIT_ROW}
    ${EVENTS_ROW}
    --langsmith-flush <time>  wait so long for the last traces to be sent; else only as long as it is not felt
    --langsmith-required      exit 1 if a trace could not be sent (waits up to 60s)
    ${UNBLIND_ROW}`).action(async (options) =>
    done(await (await import('../commands/run.ts')).runCommand(io, { ...options, argv })),
  );

  const plan = withBudget(filtered('plan  what would run, why, and what it will cost'));
  withRows(plan, [
    '--explain          which part of each stale task changed, from what to what',
    '--force            plan as run --force would',
    BATCH_ROW,
    NO_BATCH_ROW,
    OFFLINE_REMOTE_ROW,
    '--anew             with --force: plan as if the same command had not been broken off',
    '--format <format>  how to print  { table json mermaid dot }  = table',
    '--json             the same as --format json',
    UNBLIND_ROW,
  ]).action(async (options) => done(await (await import('../commands/plan.ts')).planCommand(io, options)));

  limited(`
    score            judge what is drawn and not judged yet; no variant is asked anything
    What:
    --scorer <name>  only this scorer (repeatable)
    --at <moment>    what counted then (an invocation, a date, now), gone scenarios and imports too
    ${FAIL_UNDER_ROW}
    --calibrate      hold scorers against people's verdicts (calibrate: of a scorer, langsmith feedback under its name)
    --force          judge again what is judged; older scores stay in the history
    ${OFFLINE_REMOTE_ROW}
    -n, --dry-run    say what would be judged and what judges may take; write nothing
    Limits:
    ${PATIENCE_ROW}
    ${WAIT_ROW}
    Where:
    ${EXECUTOR_ROW}
    ${REDIS_ROW}
    Output:
    ${JSON_ROW}
    ${JUNIT_ROW}
    ${EVENTS_ROW}
    ${UNBLIND_ROW}`).action(async (options) =>
    done(await (await import('../commands/score.ts')).scoreCommand(io, { ...options, argv })),
  );
}

export function addWatch({ program, io, argv, done }: Wiring): void {
  declare(program)
    .limited(`
    watch           run what each save makes stale; what costs much is asked about first
    What:
    --yes           ask nothing, whatever it costs
    --no-run        only plan and show: start nothing
    -n, --dry-run   the same as --no-run
    --retry-failed  begin with the tasks that failed before; later ones wait until they change
    Limits:
    ${PATIENCE_ROW}
    Output:
    --no-clear  append to the terminal instead of drawing it anew
    --json      one JSON line per round on stdout, text on stderr
    ${EVENTS_ROW}
    ${UNBLIND_ROW}`)
    .action(async (options) =>
      done(await (await import('../commands/watch.ts')).watchCommand(io, { ...options, argv })),
    );
}
