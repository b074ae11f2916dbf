// The command that shows what came of an experiment, in one file: report, and report adr.
import { type Command, declare, Option, type Wiring, withRows, withScope } from '../base.ts';
import { UNBLIND_ROW } from './rows.ts';

export function addReport({ program, io, done }: Wiring): void {
  const load = () => import('../commands/report.ts');
  const report = scoped(
    declare(program).filed(
      'report  what was asked, how, and what came of it, in one file that needs nothing else',
    ),
    [
      '--format <format>       a page, a document, or what fits a job summary and a comment  { html md github }  = html',
      '-o, --output <path>     a file, - for stdout (default: html report.html beside the results, else stdout)',
      '--only-differences <n>  the n scenarios that differ most (else 10), and no other transcript',
    ],
  );
  report
    .enablePositionalOptions()
    .action(async (options) => done(await (await load()).reportCommand(io, options)));

  scoped(declare(report).filed('adr  a decision record in Markdown: everything but the decision'), [
    '-o, --output <path>  a new file, - for stdout: one that is there is never overwritten  = -',
  ]).action(async (options) => done(await (await load()).reportAdrCommand(io, options)));
}

function scoped(on: Command, rows: readonly string[]): Command {
  withRows(on, [
    '--variant <glob>  only these variants; the first is held against each other one (repeatable)',
  ]);
  withRows(withScope(on), [...rows, UNBLIND_ROW]);
  // Taken so that it can be said why they choose nothing here.
  for (const flag of ['--failed', '--not-passed', '--stale', '--differs'])
    on.addOption(new Option(flag).hideHelp());
  return on;
}
