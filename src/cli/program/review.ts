// Commands of a blind review: it begins, is read, and is closed.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, WAIT_ROW } from './rows.ts';

export function addReview({ program, io, argv, done }: Wiring): void {
  const { plain } = declare(program);
  const { filed, filtered } = declare(
    plain(
      'review  people judge the answers, blind: who reads sees no arm, and nobody a number before it is closed',
    ),
  );
  filtered(`
    start                   deal the answers as cards, seal whose they are, say whether the arm can be guessed
    --unread                only answers that no closed review of the same rubric has judged
    --id <name>             what the review is called (default: the day)
    --seed <number>         of orders and sides (default: by what is judged)
    --accept-leak <reason>  begin although the arm can be guessed; it is written into the protocol
    ${JSON_ROW}
    ${WAIT_ROW}`).action(async (options) =>
    done(await (await import('../commands/review.ts')).reviewStartCommand(io, { ...options, argv })),
  );

  filed(`
    open               the cards of one reader in the browser, by keys; each verdict is saved as it is given
    [id]               which review (default: the one that is open)
    --reviewer <name>  who reads (default: who sits here)
    --static <file>    write one HTML file instead, that works from disk and gives back a file of verdicts
    --port <port>      listen on this port of 127.0.0.1 (else on a free one)
    --no-open          only print the address
    --json             {url, port, pid} as one JSON document once it answers; opens no browser`).action(
    async (review, options) =>
      done(await (await import('../commands/review-open.ts')).reviewOpenCommand(io, { ...options, review })),
  );

  filed(`
    next               the next card in the terminal, by keys; in a pipe as text, with what is said of it as options
    [id]               which review (default: the one that is open)
    --reviewer <name>  who reads (default: who sits here)
    --labels <list>    what is said of the card: tool_selection=good,naturalness=poor
    --card <name>      of this card, and not of the next one
    --note <text>      with a note
    --flag             with a flag: somebody has to look at it
    --tells            with "I can tell which arm"
    --guess <letter>   which arm it is guessed to be; ? = cannot tell
    --undo             take back what was said of the card, or said last
    --reveal           real names of masked tools on the card; it is written into the protocol
    ${JSON_ROW}`).action(async (review, options) =>
    done(await (await import('../commands/review-next.ts')).reviewNextCommand(io, { ...options, review })),
  );

  filed(`
    status  who has read what, how far readers agree; by arm only once it is closed
    [id]    which review (default: the open one, else the one that was closed last)
    ${JSON_ROW}`).action(async (review, options) =>
    done(
      await (await import('../commands/review-status.ts')).reviewStatusCommand(io, { ...options, review }),
    ),
  );

  filed(`
    disputes             the cards that readers differ on, still blind, and what each said
    [id]                 which review (default: the one that is open)
    --adjudicate [file]  settle them: in this terminal, or by a file with card, a label a dimension, note
    --reviewer <name>    who settles (default: who sits here)
    ${JSON_ROW}`).action(async (review, options) =>
    done(
      await (await import('../commands/review-disputes.ts')).reviewDisputesCommand(io, {
        ...options,
        review,
      }),
    ),
  );

  filed(`
    import           verdicts from a page that works from disk, another machine's log, or a table; each once
    <files...>       JSONL, or CSV with card, reviewer and a column a dimension
    --review <name>  which one (default: the one that is open)
    ${JSON_ROW}`).action(async (files, options) =>
    done(await (await import('../commands/review-import.ts')).reviewImportCommand(io, { ...options, files })),
  );

  filed(`
    close     refuse what is unread or in dispute, hash every file, open the key: from then on it counts
    [id]      which review (default: the one that is open)
    ${JSON_ROW}`).action(async (review, options) =>
    done(await (await import('../commands/review-close.ts')).reviewCloseCommand(io, { ...options, review })),
  );
}
