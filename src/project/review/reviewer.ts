// Who reads: the name that stands in verdicts as it is, and the file that they stand in. Two names never share a file.
import path from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import { sanitizeLine } from '../../core/text.ts';
import { slugOf } from '../../variants/expand.ts';

/** The file of whoever settles cards that reviewers disagree on; no reviewer has it. */
export const ADJUDICATION = 'adjudication';

const MAX_CHARS = 100;
/** Names that Windows keeps for devices. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/** The name as it is kept: what a reader typed, white space around it taken away. */
export function reviewerName(given: string): Result<string, string> {
  const name = given.normalize('NFC').trim();
  if (name === '') return err('a reviewer has a name: --reviewer NAME');
  if (name.length > MAX_CHARS)
    return err(`a reviewer's name has at most ${MAX_CHARS} characters, and this one has ${name.length}`);
  if (sanitizeLine(name) !== name) return err("a reviewer's name is one line without control characters");
  if (!/[\p{L}\p{N}]/u.test(name))
    return err(`${JSON.stringify(name)} is no name: it has neither a letter nor a digit`);
  if (name.toLowerCase() === ADJUDICATION)
    return err(`"${ADJUDICATION}" is the file of settled cards: choose another name`);
  return ok(name);
}

/** @param reviewer as `reviewerName` gives it */
export function verdictFile(folder: string, reviewer: string): string {
  const slug = slugOf(reviewer, 'reviewer');
  const isTaken = DEVICES.test(slug) || slug === ADJUDICATION;
  return path.join(folder, 'verdicts', `${isTaken ? `reviewer-${slug}` : slug}.jsonl`);
}
