// expgraph queue status: who works at a run over a queue, and what waits there.
import { jsonLine } from '../../core/text.ts';
import { redisUrl } from '../../project/queue/redis-address.ts';
import { queueStatus } from '../../project/queue/status.ts';
import { queueStatusText } from '../../report/records/queue.ts';
import { type Io, layoutOf } from '../io.ts';

export type QueueStatusOptions = { readonly file: string; readonly redis?: string; readonly json?: boolean };

export async function queueStatusCommand(io: Io, { file, redis, json }: QueueStatusOptions): Promise<number> {
  const status = await queueStatus(io, { file, url: redisUrl(io, redis) });
  io.out.write(json ? jsonLine(status) : queueStatusText(status, layoutOf(io.out)));
  return 0;
}
