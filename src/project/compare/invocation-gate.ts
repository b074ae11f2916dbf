// The gate of an invocation: measured when everything is drawn and judged, or was already. Nothing of it is loaded where
// there is none.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { GateLine } from '../../core/gate-line.ts';
import { shardText } from '../../core/shard.ts';
import type { GateVerdict, HowEnded, Withheld } from '../../core/summary.ts';
import { exitCodeOf } from '../../run/summary.ts';
import { EXIT } from '../open/command-error.ts';
import type { GateScope } from './gate.ts';

export type GateQuestion = GateScope & {
  /** What the command line wants beside the manifest's gate. */
  readonly moreGate: readonly GateLine[];
  readonly how: HowEnded;
  /** Told what the command line leaves out of the gate. */
  readonly noticed: (diagnostics: readonly Diagnostic[]) => void;
};

export type Gated = { readonly gate?: readonly GateVerdict[] };

export async function gateOf(question: GateQuestion): Promise<Gated> {
  const { experiment, how, moreGate } = question;
  const { shard } = question.filter;
  const note = { severity: 'note', code: 'gate', location: null, related: [] } as const;
  // It was written of the whole: of a part it would break, or hold, by how cells were dealt.
  const isPart = shard !== null && shard.of > 1;
  if (isPart && experiment.manifest.gate.length > 0)
    question.noticed([
      {
        ...note,
        message: `gate: it is about all shards, and is not measured of shard ${shardText(shard)} alone`,
        hint: 'npx expgraph score measures it where all shards are merged',
      },
    ]);
  const lines = [...(isPart ? [] : experiment.manifest.gate), ...moreGate];
  if (lines.length === 0) return {};
  const { measureGate, unmeasured } = await import('./gate.ts');
  const isOver = how === 'damaged' || how === 'interrupted';
  const { verdicts, leftOut } = isOver
    ? unmeasured({ ...question, lines }, how)
    : measureGate({ ...question, lines });
  question.noticed(leftOut.map((message) => ({ ...note, hint: null, message: `gate: ${message}` })));
  return { gate: verdicts };
}

/** What is not complete is told first; a line that cannot be said for what is missing is not complete either. */
export function exitWithGate(exitCode: number, { gate = [] }: Gated): number {
  if (exitCode !== EXIT.complete) return exitCode;
  if (gate.some(({ unsaid }) => unsaid)) return EXIT.incomplete;
  return gate.every(({ held }) => held) ? EXIT.complete : EXIT.gate;
}

/** What is withheld is no success, and no failure either: whatever else is to be told is told first. */
export function codeOf({
  how,
  withheld,
  ...gated
}: Gated & { readonly how: HowEnded; readonly withheld?: Withheld | undefined }): number {
  const code = exitWithGate(exitCodeOf(how), gated);
  return code === EXIT.complete && withheld !== undefined ? EXIT.withheld : code;
}
