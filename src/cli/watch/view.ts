// What a terminal, a pipe or a script is shown of a watch, event by event.
import { placeWords } from '../../project/open/filters.ts';
import type { RoundEnded, WatchEvent } from '../../project/watch/events.ts';
import { roundLine } from '../../project/watch/round-line.ts';
import {
  consentWords,
  HELD,
  restWords,
  roundEndText,
  roundHead,
  roundPlanText,
  roundTable,
  startedWords,
} from '../../report/watch/watch.ts';
import { type RoundScreen, roundReasons, roundScreenText } from '../../report/watch/watch-screen.ts';
import type { Io } from '../io.ts';
import type { Screen } from './screen.ts';

/** @param hasKeys whether somebody sits at a keyboard */
export function watchView(io: Io, screen: Screen, hasKeys: boolean): (event: WatchEvent) => void {
  const place = placeWords(io);
  let head = { time: '', what: '' };
  let experiment = 'expgraph';
  let notRun = '';
  let isTold = false;
  /** What the screen says of the round that is over; null where there is none, or mistakes are shown. */
  let ended: RoundScreen | null = null;
  const draw = (of: RoundScreen): void => screen.show((size) => roundScreenText(of, size));

  function showEnd({ round, planned, outcome, result }: RoundEnded): void {
    const { options, isRedrawn } = screen;
    if (result === null || planned === null) return;
    const { summary, answers } = result;
    const totals = outcome.kind === 'ran' ? 'told' : 'left out';
    // In a log a table that says nothing new is noise.
    if (!isRedrawn && totals === 'left out' && round > 1) return;
    const table = roundTable(result, options);
    if (!isRedrawn) {
      screen.say(roundEndText({ summary, table, totals, place }, options));
      return;
    }
    const { warnings } = planned.experiment;
    ended = {
      ...{ place, answers, table, rest: '' },
      head: roundHead({ experiment: planned.plan.experiment, ...head }, options),
      why: roundReasons(planned, { ...options, place }),
      notes: roundEndText({ summary, table: '', totals, place, after: notRun, warnings }, options),
    };
    draw(ended);
  }

  return (event) => {
    switch (event.kind) {
      case 'begun':
        [ended, notRun] = [null, ''];
        head = { time: io.clock.now().toTimeString().slice(0, 8), what: startedWords(event) };
        experiment = event.experiment ?? experiment;
        screen.clear();
        screen.say(roundHead({ experiment, ...head }, screen.options));
        break;
      case 'planned': {
        const rows = screen.isRedrawn ? { rows: io.out.rows() } : {};
        screen.say(roundPlanText({ ...event.planned, ...rows }, screen.options));
        break;
      }
      case 'not-confirmed':
        notRun = `Not run: ${consentWords(event.consent)}. Start with --yes, raise watch.confirm_usd, or call npx expgraph run${place}.\n`;
        screen.say(notRun);
        break;
      case 'ended':
        if (event.outcome.kind === 'held') {
          ended = null;
          screen.say(HELD);
        }
        showEnd(event);
        screen.tell(roundLine({ ...event, cwd: io.cwd }));
        break;
      case 'resting': {
        const { files } = event;
        const rest = restWords({ files, hasKeys }, screen.options);
        if (ended === null) screen.say(rest);
        else draw({ ...ended, rest });
        if (!isTold) screen.tell({ kind: 'watching', files });
        isTold = true;
      }
    }
  };
}
