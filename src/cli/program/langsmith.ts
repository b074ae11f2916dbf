// Commands about traces.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, UNBLIND_ROW } from './rows.ts';

export function addLangSmith({ program, io, done }: Wiring): void {
  const { plain } = declare(program);
  const { filed, filtered } = declare(
    plain('langsmith  traces: what waits, sending it, experiments, feedback'),
  );
  const load = () => import('../commands/langsmith.ts');
  filed(`
    status  what was sent, what waits, what was refused and why
    ${JSON_ROW}`).action(async (options) => done(await (await load()).langsmithStatusCommand(io, options)));

  filed(`
    push             send what waits: after a time offline, a crash, a service that was down
    [invocation...]  only of these (numbers are enough)
    --shift-time     send what is older than a day as of today; the true times are in its metadata
    --keep-time      send what is older than a day as it is (self-hosted LangSmith takes it)
    --rejected       also what LangSmith refused before, for example after it was mended
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (invocations, options) =>
    done(await (await load()).langsmithPushCommand(io, { ...options, invocations })),
  );

  filtered(`
    sync  scenarios as a dataset, variants as experiments over it, also of earlier results
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (options) => done(await (await load()).langsmithSyncCommand(io, options)));

  filed(`
    feedback           a verdict on the trace of a record; saying it again revises it
    <record>           variant/scenario/run, a key (or its beginning), or key@generation
    --key <name>       what is judged: correct, helpful, ...  !
    --score <number>   a number, such as 0 or 1
    --value <text>     a category
    --comment <text>   why
    --reviewer <name>  who says it: verdicts of two reviewers stand side by side
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (record, options) =>
    done(await (await load()).langsmithFeedbackCommand(io, { ...options, record })),
  );
}
