// A card of a blind review in a terminal or a pipe: what was asked, offered and answered, and what may be said of it. Pure.
import type { CardAnswer, CardContent, ReviewProtocol } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type BlockOptions, saidBlock } from '../../text/block.ts';
import { makeColors } from '../../text/colors.ts';
import { valueLines } from '../../text/value-lines.ts';
import { indentWords, wrapParts, wrapWords } from '../../text/wrap.ts';
import { callLines, messagesSaid } from '../records/conversation.ts';

/** What a key says. */
export type Choice = { readonly name: string; readonly title: string; readonly anchor: string | null };

export type CardOptions = Omit<BlockOptions, 'whole' | 'cut'>;

export function cardText(card: CardContent, given: CardOptions & { readonly place: string }): string {
  // Whoever judges an answer has to see all of it.
  const options: BlockOptions = { ...given, cut: null, whole: '' };
  const colors = makeColors(options.colors);
  const head = [card.scenario, ...(card.category === null ? [] : [card.category])].map(sanitizeLine);
  const [first, second] = card.answers;
  const blocks = [
    [
      `${colors.bold(given.place)} · ${head.join(' · ')}`,
      ...(card.description === null
        ? []
        : [colors.dim(wrapWords(sanitizeLine(card.description), { columns: options.columns, indent: '' }))]),
    ].join('\n'),
    ...messagesSaid(card.input).map(({ title, lines }) => saidBlock(title, lines.join('\n'), options)),
    ...(second === undefined
      ? answerBlocks(first!, { title: 'answer', options })
      : [
          ...answerBlocks(first!, { title: 'left', options }),
          ...answerBlocks(second, { title: 'right', options }),
        ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function answerBlocks(
  { text, toolCalls, turns, tools }: CardAnswer,
  { title, options }: { readonly title: string; readonly options: BlockOptions },
): readonly string[] {
  const lines = [
    ...(text === null || text === '' ? [] : [text]),
    ...toolCalls.flatMap((call) => callLines(call.name, valueLines(call.arguments), call.arguments)),
  ];
  const offered = tools.map(
    ({ name, description, parameters }) =>
      `${name}(${parameters.join(', ')})${description === null ? '' : `  ${description}`}`,
  );
  return [
    ...(tools.length === 0 ? [] : [saidBlock(`tools offered (${title})`, offered.join('\n'), options)]),
    ...(turns.length === 0
      ? []
      : messagesSaid(turns).map((said) =>
          saidBlock(`${title}: ${said.title}`, said.lines.join('\n'), options),
        )),
    saidBlock(title, lines.join('\n') || '(nothing was answered)', options),
  ];
}

/** Every dimension with what may be said of it. */
export function rubricText(
  { dimensions }: Pick<ReviewProtocol, 'dimensions'>,
  options: CardOptions & { readonly choices: readonly Choice[] },
): string {
  const colors = makeColors(options.colors);
  const lines = dimensions.map(({ name, question }) =>
    wrapWords(`${colors.bold(sanitizeLine(name))}  ${sanitizeLine(question)}`, {
      columns: options.columns,
      indent: '  ',
    }),
  );
  const labels = options.choices.flatMap(({ name, title, anchor }, i) => {
    const said = name === title ? sanitizeLine(name) : `${sanitizeLine(name)}: ${sanitizeLine(title)}`;
    const why = anchor === null ? '' : `: ${sanitizeLine(anchor)}`;
    return indentWords(`${i + 1} ${said}${why}`, { columns: options.columns, indent: '  ' });
  });
  return `${[...lines, ...labels].join('\n')}\n`;
}

/** The question at the end, for a pipe. @param command what says something of that card */
export function guessText(arms: Readonly<Record<string, string>>, command: string): string {
  const names = Object.entries(arms).map(([letter, arm]) => `${letter} ${sanitizeLine(arm)}`);
  return `Which arm is it? ${names.join(' · ')} · ? I cannot tell\n${command} --guess LETTER\n`;
}

/** One question by its name, and the keys that answer it. */
export function promptText(dimension: string, choices: readonly Choice[]): string {
  const keys = choices.map((choice, i) => `${i + 1} ${sanitizeLine(choice.name)}`).join(' · ');
  return `${sanitizeLine(dimension)}  ${keys}: `;
}

const KEYS =
  '1 2 3 label · Enter next card · n note · f flag · u undo · t I can tell which arm · r real names of tools · j k cards · ? help · q leave';

export function keysText(columns: number): string {
  return `${wrapParts(KEYS, columns)}\n`;
}

/** What to do once all is read. */
export function doneText(review: string): string {
  return `all cards are read. \`npx expgraph review status ${review}\` says who has still to read, \`npx expgraph review close ${review}\` opens the key\n`;
}

/** `tool A is create_event`, a line each. */
export function revealedText(tools: Readonly<Record<string, string>>): string {
  const names = Object.entries(tools);
  if (names.length === 0) return 'no name is hidden on this card\n';
  return names.map(([shown, real]) => `  ${sanitizeLine(shown)} is ${sanitizeLine(real)}\n`).join('');
}
