// Commands of a run over a queue: its workers, and what is known of it.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, REDIS_ROW } from './rows.ts';

export function addQueue({ program, io, done }: Wiring): void {
  const { plain, filed } = declare(program);
  filed(`
    worker             do the work of a run --executor queue, with this machine's keys, files and programs
    ${REDIS_ROW}
    --concurrency <n>  orders at one time, of each provider; eight a processor if left out
    --provider <name>  only orders of these providers; * and ? stand for any letters (repeatable)
    --idle <time>      end when there was nothing to do for so long (5m); else it ends with Ctrl-C
    --lock <time>      one that is silent for so long is taken for lost, and others do its orders  = 30s`).action(
    async (options) => done(await (await import('../commands/worker.ts')).workerCommand(io, options)),
  );

  const { filed: below } = declare(plain('queue  a run over a queue: who works, and what waits'));
  below(`
    status  workers, rates, what waits, what is under way and what is stalled
    ${REDIS_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await import('../commands/queue.ts')).queueStatusCommand(io, options)),
  );
}
