// What own code asks a model with: by the type of its account the OpenAI SDK, or a language model of a package. What its account
// has not says so when it is used.
import type { RunContext } from '../../api/variant.ts';
import type { Order } from '../../core/order.ts';
import type { Failure } from '../../core/outcome.ts';
import type { BindSdk } from '../../providers/index.ts';
import { CODE_FAILED } from './own-failures.ts';

export type Askers = Pick<RunContext, 'client' | 'languageModel' | 'callOptions'>;

/** What own code asks with; what its account has not says so when it is used, and harms nobody who does not. */
export function askersOf({ endpoint }: Order, bound: Awaited<ReturnType<BindSdk>>): Askers {
  if (bound.kind === 'err') {
    const none = refusing(bound.error);
    return { client: none, languageModel: none, callOptions: none } as Askers;
  }
  const wrong = (name: string, instead: string): never =>
    refusing({
      ...CODE_FAILED,
      message: `context.${name}: this account is of type ${endpoint.type}; use context.${instead}`,
    }) as never;
  if (bound.value.kind === 'language-model') {
    const { model, callOptions } = bound.value;
    return { client: wrong('client', 'languageModel'), languageModel: model, callOptions };
  }
  return {
    client: bound.value.client,
    languageModel: wrong('languageModel', 'client'),
    callOptions: wrong('callOptions', 'client'),
  };
}

/** A provider that cannot be used harms only who uses it. */
export class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function refusing(failure: Failure): object {
  return new Proxy(
    {},
    {
      get(_, name) {
        // Who writes its context to a log uses nothing of it.
        if (name === 'toJSON') return () => undefined;
        throw new Refused(failure);
      },
    },
  );
}
