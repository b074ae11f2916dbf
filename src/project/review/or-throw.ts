// Damage of a review's files as what ends a command: the first thing that is wrong, and who lists the rest.
import type { Result } from '../../core/result.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Damage } from './files.ts';

/** @throws CommandError with exit 4 */
export function orThrow<Value>(read: Result<Value, Damage>): Value {
  if (read.kind === 'ok') return read.value;
  throw new CommandError(`${read.error[0]!.message}: "npx expgraph fsck" lists what is damaged`, EXIT.store);
}
