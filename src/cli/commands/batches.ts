// expgraph batches: what is out at providers, and what to do about it.
import { jsonLine } from '../../core/text.ts';
import { tendBatches } from '../../project/keep/tend-batches.ts';
import { batchesText } from '../../report/records/batches.ts';
import { type Io, layoutOf } from '../io.ts';

export async function batchesCommand(
  io: Io,
  options: {
    readonly file: string;
    readonly argv: readonly string[];
    readonly wait?: boolean;
    readonly cancel?: boolean;
    readonly forget?: string;
    readonly json?: boolean;
  },
): Promise<number> {
  const { json = false, ...asked } = options;
  const tended = await tendBatches(io, asked);
  io.out.write(json ? jsonLine(tended) : batchesText(tended, layoutOf(io.out)));
  return tended.failed.length === 0 ? 0 : 1;
}
