// The gate as blocks: a table of what was wanted and what was found, and a sentence for each line that is broken. Pure.

import { formatGate, signed } from '../../analysis/gate/gate-words.ts';
import { measureIn } from '../../core/gate-line.ts';
import type { GateVerdict } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import type { Column, Row } from '../../text/layout.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetText } from '../../text/sheet-text.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

const COLUMNS: readonly Column[] = [
  { head: 'gate', shrinksTo: 16, cut: 'names' },
  { head: 'wanted', shrinksTo: 16 },
  { head: 'found', align: 'right' },
  { head: '' },
];

/** None where there is no gate. */
export function gateBlocks(gate: readonly GateVerdict[]): readonly Block[] {
  if (gate.length === 0) return [];
  const rows = gate.map((verdict): Row => {
    const { name, wanted, held } = verdict;
    const cells = [sanitizeLine(name), sanitizeLine(wanted), foundWords(verdict), standing(verdict)];
    return { kind: 'cells', cells, tone: held ? 'plain' : verdict.unsaid ? 'weak' : 'bad' };
  });
  const said = (wanted: readonly GateVerdict[]): readonly string[] => wanted.map(({ sentence }) => sentence);
  const broken = gate.filter(({ held, unsaid }) => !held && !unsaid);
  const open = gate.filter(({ unsaid }) => unsaid);
  return [
    { kind: 'table', head: null, columns: COLUMNS, rows },
    ...(broken.length === 0
      ? []
      : [{ kind: 'sentences', head: 'Gate broken', tone: 'error', sentences: said(broken) } as const]),
    ...(open.length === 0
      ? []
      : [{ kind: 'sentences', head: 'Gate open', tone: 'warning', sentences: said(open) } as const]),
  ];
}

/** On a terminal a command has a line of its own: it is copied. */
export function gateText(gate: readonly GateVerdict[], options: TextOptions): string {
  const [table] = gateBlocks(gate);
  if (table === undefined) return '';
  const colors = makeColors(options.colors);
  const said = gate
    .filter(({ held }) => !held)
    .map(({ sentence, command, unsaid }) => {
      const words = command === undefined ? sentence : sentence.slice(0, -command.length - 1);
      const full = sanitizeLine(`Gate ${unsaid ? 'open' : 'broken'}: ${words}`);
      const paint = unsaid ? colors.warning : colors.error;
      const lines = wrapWords(full, { columns: options.columns, indent: '  ' }).split('\n');
      const shown = command === undefined ? [] : [`  ${colors.note(sanitizeLine(command))}`];
      return [...lines.map(paint), ...shown].map((line) => `${line}\n`).join('');
    });
  return `${sheetText([table], options)}${said.length === 0 ? '' : `\n${said.join('')}`}`;
}

/** The sentences alone, for where the rest is read by a program. */
export function gateSentences(gate: readonly GateVerdict[]): readonly string[] {
  return gate
    .filter(({ held }) => !held)
    .map(({ sentence, unsaid }) => `gate ${unsaid ? 'open' : 'broken'}: ${sentence}`);
}

function standing({ held, unsaid }: GateVerdict): string {
  return held ? 'holds' : unsaid ? 'cannot be said' : 'broken';
}

function foundWords({ name, wanted, found }: GateVerdict): string {
  if (found === null) return '-';
  const measure = measureIn(name);
  return /^(?:no\s+worse|better)\b/.test(wanted) ? signed(measure, found) : formatGate(measure, found);
}
