// What lies in Redis and nobody waits for: attempts that an earlier coordinator had begun, and answers of workers that were taken
// for lost. Whoever asks for the same draw next is answered by them, and by no attempt that failed.
import type { Outcome } from '../core/outcome.ts';
import type { Link } from './link.ts';
import { drawOfJob, type QueueNames, type Where } from './names.ts';
import type { Reader } from './packets.ts';
import type { Delivered } from './words.ts';

/** An outcome, or an attempt that is under way. */
export type Left =
  | { readonly kind: 'outcome'; readonly at: Where }
  | { readonly kind: 'job'; readonly id: string; readonly queue: string };

export type Leftovers = {
  add(id: string, left: Left): void;
  /** It is that no more. */
  take(draw: string): Left | undefined;
  isUnderWay(draw: string): boolean;
  /** A job of this id may still be there, and answers nobody. */
  note(id: string): void;
  /** Whether a job of this id may still be there. */
  mayBe(id: string): boolean;
  gone(id: string): void;
  /** Jobs of that queue which make calls, and which nobody has taken. */
  calling(queue: string): ReadonlySet<string>;
  /** It makes no call any more, or none before it is asked for. */
  quiet(id: string): void;
  /** Each outcome is gone from Redis when `keep` resolves with true. */
  keep(keep: (delivered: Delivered) => Promise<boolean>): Promise<void>;
};

/** Those that are to be taken, and that somebody has taken. */
export async function jobsIn(link: Link, queues: Iterable<string>): Promise<ReadonlySet<string>> {
  const ids = await Promise.all([...queues].map((queue) => link.ids(queue)));
  return new Set(ids.flatMap(({ waiting, active }) => [...waiting, ...active]));
}

/** What whoever asks later takes of it: an answer, and what was paid. Why another attempt failed may be over by now. */
export function isOfUse(outcome: Outcome): boolean {
  if (outcome.kind === 'success' || (outcome.turns ?? []).length > 0) return true;
  return outcome.kind === 'failure' && outcome.failure.usage !== undefined;
}

/** The job that an outcome is of: in `surplus` its field says more. */
export function jobIn(field: string): string {
  return field.split(' ')[0]!;
}

export async function findLeftovers(input: {
  readonly link: Link;
  readonly names: QueueNames;
  readonly queues: readonly string[];
  readonly read: Reader;
  readonly forget: (at: Where) => Promise<void>;
}): Promise<Leftovers> {
  const { link, names, read, forget } = input;
  const lefts = new Map<string, Left>();
  /** Ids that may still be there although nobody waits for them. */
  const out = new Set<string>();
  /** Whose orders nobody reads any more. */
  const over: string[] = [];
  const calling = new Map(input.queues.map((queue) => [queue, new Set<string>()]));

  function quiet(id: string): void {
    for (const ids of calling.values()) ids.delete(id);
  }

  function add(id: string, left: Left): void {
    out.add(id);
    if (left.kind === 'job') calling.get(left.queue)?.add(id);
    else quiet(id);
    const draw = drawOfJob(id);
    if (draw !== null && lefts.get(draw)?.kind !== 'outcome') lefts.set(draw, left);
  }

  for (const queue of input.queues) {
    const { waiting, active } = await link.ids(queue);
    for (const id of active) add(id, { kind: 'job', id, queue });
    // What nobody has begun is made anew: addresses and limits may be others now.
    for (const id of waiting) {
      if (await link.remove(queue, id)) over.push(id);
      else add(id, { kind: 'job', id, queue });
    }
  }
  for (const hash of [names.outcomes, names.surplus])
    for (const field of (await link.ask('HKEYS', hash)) as string[]) {
      add(jobIn(field), { kind: 'outcome', at: { hash, field } });
      over.push(jobIn(field));
    }
  if (over.length > 0) await link.ask('DEL', ...over.map(names.long));

  return {
    add,
    note: (id) => void out.add(id),
    take(draw) {
      const left = lefts.get(draw);
      lefts.delete(draw);
      if (left?.kind === 'job') quiet(left.id);
      return left;
    },
    isUnderWay: (draw) => lefts.get(draw)?.kind === 'job',
    mayBe: (id) => out.has(id),
    gone(id) {
      out.delete(id);
      quiet(id);
    },
    calling: (queue) => calling.get(queue) ?? new Set(),
    quiet,
    async keep(keep) {
      for (const [draw, left] of [...lefts]) {
        if (left.kind !== 'outcome') continue;
        const delivered = await read(left.at.hash, left.at.field).catch(() => undefined);
        // Of one that could not be fetched nobody knows yet what it says.
        if (delivered === undefined || (delivered !== null && !(await keep(delivered)))) continue;
        lefts.delete(draw);
        await forget(left.at);
      }
    },
  };
}
