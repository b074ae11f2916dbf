// `--fail-under 0.9`: short for `pass: ">= 0.9"`, beside what the manifest's gate says.
import { failUnder, type GateLine } from '../../core/gate-line.ts';
import { CommandError } from '../open/command-error.ts';

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
