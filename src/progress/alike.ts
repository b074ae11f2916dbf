// Sixteen calls in flight meet the same wrong key: sixteen equal messages become one, with how often and for whom.
import type { EventLine } from '../core/event.ts';
import { sanitizeLine } from '../core/text.ts';
import { formatCount } from '../text/format.ts';
import { type Message, messageOf } from './progress-words.ts';

export type Alike = {
  /** What to print now; null where nothing is, or an equal message was printed. */
  messageOf(event: EventLine): Message | null;
  /** Of what was held back since it was last asked: how often, and one more example. */
  rest(): readonly Message[];
};

type Group = {
  held: number;
  example: string;
  readonly severity: Message['severity'];
  readonly words: string;
};

/** Kept in mind at one time: with more kinds of trouble the first of each is printed again. */
const MOST_GROUPS = 200;

export function makeAlike(): Alike {
  let groups = new Map<string, Group>();
  return {
    messageOf(event) {
      const message = messageOf(event);
      if (message === null) return null;
      const { id, example, words } = likenessOf(event, message);
      const group = groups.get(id);
      if (group === undefined) {
        if (groups.size >= MOST_GROUPS) groups = new Map();
        groups.set(id, { held: 0, example: '', severity: message.severity, words });
        return message;
      }
      group.held++;
      group.example = example;
      return null;
    },
    rest() {
      return [...groups.values()].flatMap((group) => {
        const { held, example, severity, words } = group;
        group.held = 0;
        // Of what stops a run the first one says all: the others were on their way.
        if (held === 0 || example === '') return [];
        const text = `${severity}: and ${formatCount(held)} more like it: ${words}; the last one: ${example}`;
        return [{ severity, text: sanitizeLine(text) }];
      });
    },
  };
}

/** `words`: enough to find what was printed. */
function likenessOf(
  event: EventLine,
  { text }: Message,
): { readonly id: string; readonly example: string; readonly words: string } {
  if (event.kind !== 'attempt-failed' && event.kind !== 'score-attempt-failed')
    return { id: `${event.kind} ${text}`, example: '', words: '' };
  const { variant, scenario, run, error, decision } = event;
  const scorer = event.kind === 'attempt-failed' ? '' : event.scorer;
  const status = error.status === null ? '' : ` (${error.status})`;
  const id = `${decision.kind} ${scorer} ${error.kind}${status} ${signatureOf(error.message)}`;
  if (decision.kind === 'halt') return { id, example: '', words: '' };
  const example = `${scorer === '' ? '' : `${scorer}: `}${variant} · ${scenario} · run ${run}`;
  return { id, example, words: `${error.kind}${status}` };
}

/** Ids of requests, times and numbers aside. */
function signatureOf(message: string): string {
  return message.replace(/[\w-]*\d[\w-]*/g, '#');
}
