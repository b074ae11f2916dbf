// What a worker has to say: news, and outcomes. All of one turn of its loop travels together, for each word alone costs a round to
// Redis and a turn of the coordinator's loop.
import type { Link, OnTrouble } from './link.ts';
import type { QueueNames } from './names.ts';
import { TELL } from './scripts.ts';
import { type News, write } from './words.ts';

/** An outcome, as it is kept: as the job's where its lock is still held, else as surplus. */
export type Delivery = {
  readonly id: string;
  readonly lockKey: string;
  readonly token: string;
  readonly text: string;
  /** Its name where it is surplus. */
  readonly field: string;
};

export type Telling = {
  tell(news: News): void;
  /**
   * @param isAlone one that was refused once goes by itself: it may be what the server refuses
   * @throws what the server refuses; nothing of it is kept then
   */
  deliver(delivery: Delivery, isAlone: boolean): Promise<void>;
};

/** A longer one goes by itself: nothing waits for it, and a round stays short for whoever else asks. */
const MOST_CHARS = 1_000_000;

type Waiting = PromiseWithResolvers<void> & { readonly delivery: Delivery };

export function makeTelling(input: {
  readonly link: Pick<Link, 'script'>;
  readonly names: QueueNames;
  readonly onTrouble: OnTrouble;
}): Telling {
  const { link, names } = input;
  let news: string[] = [];
  let deliveries: Waiting[] = [];

  function soon(): void {
    if (news.length + deliveries.length === 0) setImmediate(() => void sendAll());
  }

  async function sendAll(): Promise<void> {
    const [said, these] = [news, deliveries];
    news = [];
    deliveries = [];
    try {
      await send(
        said,
        these.map(({ delivery }) => delivery),
      );
      for (const { resolve } of these) resolve();
    } catch (error) {
      for (const { reject } of these) reject(error);
      if (these.length === 0) input.onTrouble(error);
      // One outcome may be what is refused, and whoever has it tells of that: news are not lost with it.
      else if (said.length > 0) await send(said, []).catch(() => {});
    }
  }

  function send(said: readonly string[], these: readonly Delivery[]): Promise<unknown> {
    return link.script(
      TELL,
      [names.news, names.outcomes, names.surplus, ...these.map(({ lockKey }) => lockKey)],
      [said.length, ...said, ...these.flatMap(wordsOf)],
    );
  }

  return {
    tell(one) {
      soon();
      news.push(write(one));
    },
    async deliver(delivery, isAlone) {
      if (isAlone || delivery.text.length > MOST_CHARS) {
        await send([], [delivery]);
        return;
      }
      soon();
      const waiting = { delivery, ...Promise.withResolvers<void>() };
      deliveries.push(waiting);
      await waiting.promise;
    },
  };
}

function wordsOf({ token, id, text, field }: Delivery): readonly string[] {
  return [token, id, text, write({ kind: 'done', id }), field, write({ kind: 'surplus', field })];
}
