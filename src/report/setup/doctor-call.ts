// What doctor --call found out about an endpoint, as lines. Pure.
import type { Json, JsonObject } from '../../core/json.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatMoney } from '../../text/format.ts';

type CallReport = JsonObject & {
  readonly ok: boolean;
  /** Of the manifest, to be written. */
  readonly lines: readonly string[];
};

const SHOWN: readonly (readonly [name: string, shown: string])[] = [
  ['message', 'failed'],
  ['answered_model', 'answered by'],
  ['stream', 'answer came'],
  ['max_tokens_field', 'limit sent as'],
  ['temperature', 'temperature'],
  ['tool', 'tool'],
  ['ids', 'ids of calls'],
  ['second_turn', "the tool's result"],
  ['message_members', 'message also holds'],
  ['usage', 'usage'],
  ['cost_told', 'cost told'],
  ['cost_usd', 'cost'],
  ['rate_headers', 'limits told in'],
];

/** One line a fact, and the lines that the manifest wants; '' where nothing is to be said. */
export function callReportText(report: CallReport): string {
  let text = '';
  for (const [name, shown] of SHOWN) {
    const value = report[name];
    if (value !== undefined) text += `  ${shown.padEnd(18)}  ${sanitizeLine(wordOf(name, value))}\n`;
  }
  const { lines } = report;
  if (lines.length === 0) text += report.ok ? '  nothing has to be set for it\n' : '';
  else text += `  write into the manifest:\n${lines.map((line) => `    ${sanitizeLine(line)}\n`).join('')}`;
  return text;
}

function wordOf(name: string, value: Json): string {
  if (name === 'cost_usd') return typeof value === 'number' ? formatMoney(value) : 'not known';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? 'not told' : String(value);
}
