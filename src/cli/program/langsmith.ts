// Commands about traces.
import { command, JSON_ROW, type Wiring, withFile, withFilters, withOptions } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addLangSmith({ program, io, done }: Wiring): void {
  const langsmith = command(
    program,
    'langsmith',
    'traces: what waits, sending it, experiments, feedback',
  ).addHelpText(
    'after',
    examples('expgraph langsmith status\nexpgraph langsmith push\nexpgraph langsmith sync'),
  );
  const load = () => import('../commands/langsmith.ts');
  withOptions(
    withFile(command(langsmith, 'status', 'what was sent, what waits, what was refused and why')),
    JSON_ROW,
  ).action(async (options) => done(await (await load()).langsmithStatusCommand(io, options)));

  const push = 'send what waits: after a time offline, a crash, a service that was down';
  withOptions(
    withFile(command(langsmith, 'push', push)).argument(
      '[invocation...]',
      'only of these (numbers are enough)',
    ),
    `
    --shift-time  send what is older than a day as of today; the true times are in its metadata
    --keep-time   send what is older than a day as it is (self-hosted LangSmith takes it)
    --rejected    also what LangSmith refused before, for example after it was mended
    ${JSON_ROW}`,
  )
    .addHelpText('after', examples('expgraph langsmith push\nexpgraph langsmith push 12 --shift-time'))
    .action(async (invocations, options) =>
      done(await (await load()).langsmithPushCommand(io, { ...options, invocations })),
    );

  const sync = 'scenarios as a dataset, variants as experiments over it, also of earlier results';
  withOptions(withFilters(command(langsmith, 'sync', sync)), JSON_ROW)
    .addHelpText('after', examples("expgraph langsmith sync\nexpgraph langsmith sync --variant 'applike*'"))
    .action(async (options) => done(await (await load()).langsmithSyncCommand(io, options)));

  withOptions(
    withFile(command(langsmith, 'feedback', 'a verdict on the trace of a record; saying it again revises it'))
      .argument('<record>', 'variant/scenario/run, a key (or its beginning), or key@generation')
      .requiredOption('--key <name>', 'what is judged: correct, helpful, ...'),
    `
    --score <number>   a number, such as 0 or 1
    --value <text>     a category
    --comment <text>   why
    --reviewer <name>  who says it: verdicts of two reviewers stand side by side
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples('expgraph langsmith feedback applike/ambiguous:no-time/1 --key ok --score 1'),
    )
    .action(async (record, options) =>
      done(await (await load()).langsmithFeedbackCommand(io, { ...options, record })),
    );
}
