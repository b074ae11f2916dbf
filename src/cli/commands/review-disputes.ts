// expgraph review disputes: the cards that readers differ on, still blind; with --adjudicate a third settles them.
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { type Dispute, readDisputes, readSettling, settleDisputes } from '../../project/review/disputes.ts';
import { promptText, rubricText } from '../../report/review/card.ts';
import { disputesEnd, disputeText } from '../../report/review/disputes.ts';
import { type Choice, choicesOf } from '../../review/choices.ts';
import { formatAmount } from '../../text/format.ts';
import { type Io, layoutOf } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { page } from '../terminal/pager.ts';

export type ReviewDisputesOptions = {
  readonly file: string;
  readonly review?: string;
  /** A file; true = in the terminal. */
  readonly adjudicate?: string | true;
  readonly reviewer?: string;
  readonly json?: boolean;
};

export async function reviewDisputesCommand(io: Io, options: ReviewDisputesOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const asked = { experiment, review: options.review ?? null };
  if (options.adjudicate === true) return await settleHere(io, { ...asked, reviewer: options.reviewer });
  if (options.adjudicate !== undefined) {
    const settling = await readSettling(io, { ...asked, file: options.adjudicate });
    const settled = settleDisputes(io, { ...asked, reviewer: options.reviewer, settling });
    const { disputes } = readDisputes(io, asked);
    if (options.json) io.out.write(jsonLine({ settled, open: disputes.length }));
    else io.out.write(`${formatAmount(settled, 'card')} settled, ${disputes.length} left in dispute\n`);
    return EXIT.complete;
  }
  const { review, disputes, settled } = readDisputes(io, asked);
  if (options.json) {
    io.out.write(jsonLine({ review, settled, disputes }));
    return EXIT.complete;
  }
  const size = { ...layoutOf(io.out), place: placeWords(io) };
  const chunks = [
    ...disputes.map((dispute, at) => `${shown(io, dispute, `${at + 1} of ${disputes.length}`)}\n`),
    disputesEnd({ open: disputes.length, settled }, size),
  ];
  await page(io, { chunks, may: true, clean: experiment.redact });
  return EXIT.complete;
}

function shown(io: Io, dispute: Dispute, place: string): string {
  return disputeText(dispute, {
    ...layoutOf(io.out),
    lines: io.out.isTty ? 'wrapped' : 'whole',
    place: `${dispute.card.card} · ${place}`,
  });
}

/** Each card is kept before the next one is shown: whoever leaves goes on where he was. */
async function settleHere(
  io: Io,
  asked: {
    readonly experiment: Experiment;
    readonly review: string | null;
    readonly reviewer: string | undefined;
  },
): Promise<number> {
  if (!canAsk())
    throw new CommandError('there is no terminal to ask: name a file, as in --adjudicate settled.csv');
  const { disputes, protocol } = readDisputes(io, asked);
  const choices = choicesOf(protocol);
  io.out.write(`${rubricText(protocol, { ...layoutOf(io.out), lines: 'wrapped', choices })}\n`);
  let settled = 0;
  for (const [at, dispute] of disputes.entries()) {
    io.out.write(`${shown(io, dispute, `${at + 1} of ${disputes.length}`)}\n`);
    const startMs = io.clock.monotonicMs();
    const labels = await labelsOf(io, dispute, { dimensions: protocol.dimensions, choices });
    if (labels === 'leave') break;
    const note = await ask('note (Enter: none): ');
    if (note.kind !== 'answered') break;
    const took = Math.round(io.clock.monotonicMs() - startMs);
    const one = { card: dispute.card.card, labels, note: note.text.trim() || null, took_ms: took };
    settled += settleDisputes(io, { ...asked, settling: [one] });
    io.out.write('saved\n\n');
  }
  io.out.write(`${formatAmount(settled, 'card')} settled, ${disputes.length - settled} left in dispute\n`);
  return EXIT.complete;
}

async function labelsOf(
  io: Io,
  { dimensions: open }: Dispute,
  of: {
    readonly dimensions: readonly { readonly name: string; readonly question: string }[];
    readonly choices: readonly Choice[];
  },
): Promise<Readonly<Record<string, string>> | 'leave'> {
  const labels: Record<string, string> = {};
  for (const dimension of of.dimensions.filter(({ name }) => open.includes(name))) {
    for (;;) {
      const said = await ask(promptText(dimension.name, of.choices));
      if (said.kind !== 'answered' || said.text.trim() === 'q') return 'leave';
      const word = said.text.trim();
      const choice = of.choices[Number(word) - 1] ?? of.choices.find(({ name }) => name === word);
      if (choice !== undefined) {
        labels[dimension.name] = choice.name;
        break;
      }
      io.out.write(`${sanitizeLine(word)} is none of them; q leaves\n`);
    }
  }
  return labels;
}
