// Commands about traces.

import { command, type Wiring, withFile, withFilters } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addLangSmith({ program, io, done }: Wiring): void {
  const langsmith = command(
    program,
    'langsmith',
    'traces: what waits, sending it, experiments, feedback',
  ).addHelpText(
    'after',
    examples(['expgraph langsmith status', 'expgraph langsmith push', 'expgraph langsmith sync']),
  );
  const load = () => import('../commands/langsmith.ts');
  withFile(command(langsmith, 'status', 'what was sent, what waits, what was refused and why'))
    .option('--json', 'as one JSON document')
    .action(async (options) => done(await (await load()).langsmithStatusCommand(io, options)));
  withFile(
    command(langsmith, 'push', 'send what waits: after a time offline, a crash, a service that was down'),
  )
    .argument('[invocation...]', 'only of these (numbers are enough)')
    .option('--shift-time', 'send what is older than a day as of today; the true times are in its metadata')
    .option('--keep-time', 'send what is older than a day as it is (self-hosted LangSmith takes it)')
    .option('--rejected', 'also what LangSmith refused before, for example after it was mended')
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph langsmith push', 'expgraph langsmith push 12 --shift-time']))
    .action(async (invocations, options) =>
      done(await (await load()).langsmithPushCommand(io, { ...options, invocations })),
    );
  withFilters(
    command(
      langsmith,
      'sync',
      'scenarios as a dataset, variants as experiments over it, also of earlier results',
    ),
  )
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph langsmith sync', "expgraph langsmith sync --variant 'applike*'"]),
    )
    .action(async (options) => done(await (await load()).langsmithSyncCommand(io, options)));
  withFile(command(langsmith, 'feedback', 'a verdict on the trace of a record; saying it again revises it'))
    .argument('<record>', 'variant/scenario/run, a key (or its beginning), or key@generation')
    .requiredOption('--key <name>', 'what is judged: correct, helpful, ...')
    .option('--score <number>', 'a number, such as 0 or 1')
    .option('--value <text>', 'a category')
    .option('--comment <text>', 'why')
    .option('--reviewer <name>', 'who says it: verdicts of two reviewers stand side by side')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph langsmith feedback applike/ambiguous:no-time/1 --key ok --score 1']),
    )
    .action(async (record, options) =>
      done(await (await load()).langsmithFeedbackCommand(io, { ...options, record })),
    );
}
