// `--fail-under 0.9`: short for `pass: ">= 0.9"`, beside what the manifest's gate says.
import { failUnder, type GateLine } from '../../core/gate-line.ts';
import type { GateVerdict } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError } from '../open/command-error.ts';
import type { Io } from '../open/world.ts';

/** @throws CommandError on what is no share. */
export function readFailUnder(
  text: string | undefined,
  scorers: readonly string[] = [],
): readonly GateLine[] {
  if (text === undefined) return [];
  const written = text.trim();
  const match = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*(%)?$/.exec(written);
  const number = Number(match?.[1]);
  const share = match?.[2] === undefined ? number : number / 100;
  if (match && share <= 1) return [failUnder({ share, written, scorers })];
  const guess = match && number <= 100 ? `: did you mean ${number / 100} or ${number}%?` : '';
  throw new CommandError(
    `--fail-under takes a share of passes such as 0.9 or 90%, not ${JSON.stringify(text.slice(0, 40))}${guess}`,
  );
}

/** Where stdout is a document for a program. */
export async function tellGate(io: Pick<Io, 'err'>, gate: readonly GateVerdict[]): Promise<void> {
  if (gate.every(({ held }) => held)) return;
  const { gateSentences } = await import('../../report/compare/gate-sheet.ts');
  for (const sentence of gateSentences(gate)) io.err.write(`expgraph: ${sanitizeLine(sentence)}\n`);
}
