// The box that searches all texts and calls. What is typed stands in the address at once, and the way back is one step.
import type { MatrixQuery } from '../../screens/matrix.ts';
import { useEffect, useRef, useState } from '../base/preact.ts';
import { route } from '../base/route.ts';

/** @param how `typing`: the address is replaced, so that the way back does not stop at each letter */
export type ChangeQuery = (part: Partial<MatrixQuery>, how?: 'typing') => void;

/** While somebody types on nothing is asked for. */
const TYPING_MS = 150;

export const SEARCH_ID = 'mx-search';

/** What can be asked, by example (screens/search-terms.ts). */
export const SEARCH_EXAMPLE =
  'gym "two words" -refund tool:create_task arg.title:dentist tag:a,b score:<0.5 mark:failed,error variant:applike';

export function Search(props: {
  readonly text: string;
  readonly mistake: string | null;
  readonly searched: number;
  readonly change: ChangeQuery;
  readonly toList: () => void;
}) {
  const [typed, setTyped] = useState(props.text);
  const sent = useRef(props.text);
  const isTyping = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const change = useRef(props.change);
  change.current = props.change;
  // Back, forward and a filter that was cleared write into the box; what comes back of one's own typing does not.
  useEffect(() => {
    if (props.text === sent.current) return;
    clearTimeout(timer.current);
    sent.current = props.text;
    setTyped(props.text);
  }, [props.text]);
  const send = (search: string): void => {
    clearTimeout(timer.current);
    if (search === sent.current) return;
    sent.current = search;
    change.current({ search }, isTyping.current ? 'typing' : undefined);
    isTyping.current = true;
  };
  // Set by who types, and by nothing else: what comes back of an address is not sent there again.
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      // Whoever went back meanwhile left what was typed.
      if ((route.value.query.get('q') ?? '') === sent.current) send(text);
    }, TYPING_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    if (event.key === 'Escape' && typed !== '') {
      setTyped('');
      send('');
      return;
    }
    send(typed);
    isTyping.current = false;
    props.toList();
  };
  return (
    <div class="mx-search">
      <input
        id={SEARCH_ID}
        class="field"
        type="search"
        placeholder="Search texts and calls   /"
        aria-label="Search texts, calls and names"
        title={`For example: ${SEARCH_EXAMPLE}`}
        aria-describedby={props.mistake === null ? undefined : 'mx-mistake'}
        aria-invalid={props.mistake !== null}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={({ currentTarget: { value } }) => type(value)}
        onBlur={() => {
          isTyping.current = false;
        }}
        onKeyDown={onKeyDown}
      />
      {props.mistake !== null && (
        <p id="mx-mistake" class="mx-mistake" role="status">
          {props.mistake}
        </p>
      )}
      {props.searched < 1 && (
        <p class="mx-searching" role="status">
          {`${Math.floor(props.searched * 100)} % of the texts searched…`}
        </p>
      )}
    </div>
  );
}
