// How much of an answer is judged: beyond these bounds there is no score, and the reason says so.
import type { Json } from '../../core/json.ts';
import type { JudgedOutput } from '../../core/scoring.ts';

const MAX_CHARS = 1_000_000;
const MAX_CALLS = 1000;
const MAX_DEPTH = 100;
const MAX_VALUES = 200_000;

/** null: it can be judged. */
export function tooMuch({ text, tool_calls }: JudgedOutput): string | null {
  const long = (chars: number): string =>
    `has ${chars.toLocaleString('en')} characters; at most ${MAX_CHARS.toLocaleString('en')} are judged`;
  if (text.length > MAX_CHARS) return `the answer ${long(text.length)}`;
  if (tool_calls.length > MAX_CALLS)
    return `the answer has ${tool_calls.length} tool calls; at most ${MAX_CALLS} are judged`;
  const problem = measureJson(tool_calls.map((call) => call.arguments) as readonly Json[]);
  return problem && `the arguments of the tool calls: the JSON ${problem}`;
}

/** What is too much in a value, looked for without recursion; null = nothing. */
export function measureJson(root: Json): string | null {
  let chars = 0;
  let values = 0;
  const open: { readonly value: Json | undefined; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, depth } = at;
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    if (++values > MAX_VALUES) return `holds more than ${MAX_VALUES.toLocaleString('en')} values`;
    if (typeof value === 'string') chars += value.length;
    if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        chars += Array.isArray(value) ? 0 : name.length;
        open.push({ value: member as Json | undefined, depth: depth + 1 });
      }
    }
    if (chars > MAX_CHARS) return `holds more than ${MAX_CHARS.toLocaleString('en')} characters`;
  }
  return null;
}
