// Words of `review` commands that are more than text.
import { CommandError } from '../../project/open/command-error.ts';

/** @throws CommandError on what is no whole number */
export function readSeed(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CommandError(`--seed ${JSON.stringify(text)}: a whole number of at most nine digits is needed`);
}
