// What is told of a command line that cannot be read.
import { mistypedText } from '../../report/help/mistyped.ts';
import type { UsageMistake } from '../base.ts';
import { WHEN } from '../globals.ts';
import { declaredOf } from './declared.ts';

/** One sentence and the way to help; ends with a line end. */
export function usageWords({ command, mistake }: UsageMistake, given: readonly string[] = []): string {
  const { code, message } = mistake;
  return mistypedText({ command: declaredOf(command), code, message, given, colors: WHEN });
}
