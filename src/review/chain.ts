// Lines of verdicts: each names the line before it and ends with a checksum of itself, so that nothing in a file can be
// changed, left out, or put in another order without being seen.
import { sha256 } from '../core/canonical.ts';
import { err, ok } from '../core/result.ts';
import type { VerdictLine } from '../core/review.ts';
import { type Read, readVerdictLine } from './read-lines.ts';

export type UnsealedVerdict = Omit<VerdictLine, 'c'>;

/** One line without its line end. The next one's `prev` is the SHA-256 of exactly this text (`linkOf`). */
export function verdictText(verdict: UnsealedVerdict): string {
  const body = JSON.stringify(verdict).slice(0, -1);
  return `${body},"c":"${checksum(body)}"}`;
}

/** What the next line's `prev` is. */
export function linkOf(text: string): string {
  return sha256(text);
}

export type ChainLine =
  | { readonly kind: 'whole'; readonly line: number; readonly text: string; readonly verdict: VerdictLine }
  | { readonly kind: 'damaged'; readonly line: number; readonly why: string };

export type Chain = {
  readonly lines: readonly ChainLine[];
  /** Of the last whole line: what the next one's `prev` has to be. */
  readonly head: string;
  /** Characters behind the last line end: a write that a crash cut short. It was shown to nobody as saved. */
  readonly torn: number;
};

/** @param input.deck SHA-256 of the bytes of deck.jsonl, where the chain begins */
export function readChain(input: { readonly text: string; readonly deck: string }): Chain {
  const pieces = input.text.split('\n');
  const torn = pieces.pop()!.length;
  const lines: ChainLine[] = [];
  let head = input.deck;
  for (const [at, text] of pieces.entries()) {
    const line = at + 1;
    const read = readLink(text, { prev: head, line });
    lines.push(
      read.kind === 'ok'
        ? { kind: 'whole', line, text, verdict: read.value }
        : { kind: 'damaged', line, why: read.error },
    );
    // What follows a damaged line is held against what stands there: one damage is told once or twice, never for all the rest.
    head = linkOf(text);
  }
  return { lines, head, torn };
}

const SEAL = /,"c":"([0-9a-f]{32})"\}$/;

function readLink(
  text: string,
  { prev, line }: { readonly prev: string; readonly line: number },
): Read<VerdictLine> {
  const seal = SEAL.exec(text);
  if (seal === null) return err('has no checksum');
  if (checksum(text.slice(0, seal.index)) !== seal[1]) return err('was changed: its checksum does not fit');
  const read = readVerdictLine(text);
  if (read.kind === 'err') return read;
  if (read.value.n !== line) return err(`has the number ${read.value.n}: a line is missing, or there twice`);
  if (read.value.prev !== prev)
    return err('does not follow the line before it: a line is missing, or was changed');
  return ok(read.value);
}

function checksum(body: string): string {
  return sha256(body).slice(0, 32);
}
