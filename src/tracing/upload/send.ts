// Everything that sending needs, put together: one link, so that four batches and a dataset back off as one.
import type { Clock } from '../../core/clock.ts';
import type { Endpoint } from '../endpoint.ts';
import { makePrepare, type Prepare } from './ensure.ts';
import { type Link, makeLink } from './link.ts';
import { makeService } from './service.ts';

export type Sender = {
  readonly link: Link;
  readonly prepare: Prepare;
  readonly clock: Clock;
  readonly root: string;
  /** Why something is not sent. */
  readonly say: (problem: string) => void;
};

export function makeSender(input: {
  /** artifacts/<experiment>/traces */
  readonly root: string;
  readonly endpoint: Endpoint;
  readonly version: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly say: (problem: string) => void;
  readonly onChange: () => void;
}): Sender {
  const { root, clock, random, say } = input;
  const link = makeLink({
    service: makeService(input.endpoint, { version: input.version }),
    clock,
    random,
    onChange: input.onChange,
  });
  const prepare = makePrepare({ root, apiUrl: input.endpoint.apiUrl, link, say });
  return { link, prepare, clock, root, say };
}
