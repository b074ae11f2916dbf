// Commands about results that several machines have.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, WAIT_ROW } from './rows.ts';

export function addRemote({ program, io, argv, done }: Wiring): void {
  const { plain } = declare(program);
  const { filed } = declare(
    plain('remote  results shared with other machines: take them, give them, what is where'),
  );
  const load = () => import('../commands/remote.ts');
  filed(`
    status  what is there and not here, and the other way round; takes nothing
    ${JSON_ROW}`).action(async (options) => done(await (await load()).remoteStatusCommand(io, options)));

  filed(`
    pull  take what others made; \`run\` and \`plan\` do it first
    --repair  take again what is damaged or gone here
    ${WAIT_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await load()).remotePullCommand(io, { ...options, argv })),
  );

  filed(`
    push  give what was made here, and take what others made; \`run\` does it at its end
    --repair [entries]  look whether what was pushed is there, and give it again if not: 5,7-9, or all
    ${WAIT_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await load()).remotePushCommand(io, { ...options, argv })),
  );
}
