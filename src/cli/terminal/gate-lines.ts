// A broken gate on stderr, where stdout is a document for a program.
import type { GateVerdict } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { Io } from '../io.ts';

export async function tellGate(io: Pick<Io, 'err'>, gate: readonly GateVerdict[]): Promise<void> {
  if (gate.every(({ held }) => held)) return;
  const { gateSentences } = await import('../../report/compare/gate-sheet.ts');
  for (const sentence of gateSentences(gate)) io.err.write(`expgraph: ${sanitizeLine(sentence)}\n`);
}
