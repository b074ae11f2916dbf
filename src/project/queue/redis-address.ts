// Where the queue is, as a command is told it. A password in it is for Redis alone.
import { CommandError } from '../open/command-error.ts';
import type { World } from '../open/world.ts';

const VARIABLE = 'EXPGRAPH_REDIS_URL';

type Given = { readonly executor?: 'local' | 'queue'; readonly redis?: string };

/** @returns null: the work is done here @throws CommandError where the two options contradict each other, or no address is given */
export function queueUrl(io: Pick<World, 'env'>, { executor = 'local', redis }: Given): string | null {
  if (executor === 'queue') return redisUrl(io, redis);
  if (redis === undefined) return null;
  throw new CommandError('--redis goes with --executor queue');
}

/** @throws CommandError where none is given */
export function redisUrl({ env }: Pick<World, 'env'>, given: string | undefined): string {
  const url = given ?? env[VARIABLE];
  if (url) return url;
  throw new CommandError(`the queue wants an address: --redis redis://HOST:6379, or ${VARIABLE}`);
}

/** The command line as it is kept: a password is in no record. */
export function withoutPassword(argv: readonly string[]): readonly string[] {
  return argv.map((word) => word.replace(/^((?:--redis=)?[a-z+]+:\/\/[^/?#]*?:)[^/?#]*@/i, '$1***@'));
}
