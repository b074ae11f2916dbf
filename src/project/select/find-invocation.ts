// The invocation that somebody means: by its number, by its name, or by both where two machines began one of a number.
import { compareNames, invocationsMeant, seemsInvocation, shortNames } from '../../core/invocation-id.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { CommandError } from '../open/command-error.ts';

/** Of all that drew something: whoever calls one of them by a short name has to know the others. */
export function namesOfInvocations(store: {
  invocations(): readonly Pick<InvocationRecord, 'invocation'>[];
}): readonly string[] {
  return store.invocations().map(({ invocation }) => invocation);
}

/** A tag or a date may look like a number and an origin: these are meant only where they are there. */
export function meansInvocation(names: readonly string[], text: string): boolean {
  return seemsInvocation(text) || invocationsMeant(text, names).length > 0;
}

/** @throws CommandError where none is meant, or several are */
export function findInvocation(names: readonly string[], text: string): string {
  const found = invocationsMeant(text, names);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new CommandError(
      `there are ${found.length} invocations ${text}, of as many machines: ${found.slice(0, 6).join(', ')}; write the name of one`,
    );
  const last = names.toSorted(compareNames).at(-1);
  throw new CommandError(
    last === undefined
      ? `there is no invocation ${text}: nothing was run yet`
      : `there is no invocation ${text}; the last one is ${shortNames(names)(last)}; \`npx expgraph log\` lists them`,
  );
}
