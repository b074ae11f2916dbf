// expgraph show: one record in full, or the transcripts of many, one after another.
import { jsonLine } from '../../core/text.ts';
import { type ManyRecords, type OneRecord, type ShowInput, showRecords } from '../../project/history/show.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { makeFilter, placeWords, scopeWords } from '../../project/open/filters.ts';
import { recordText } from '../../report/records/record.ts';
import {
  archivedJson,
  archivedText,
  damagedWords,
  noneWords,
  recordsJson,
} from '../../report/records/show.ts';
import { transcriptsText } from '../../report/records/transcripts.ts';
import type { BlockOptions } from '../../text/block.ts';
import { typedHere } from '../../text/next.ts';
import { type Io, layoutOf } from '../io.ts';
import { page } from '../terminal/pager.ts';

export type ShowOptions = ShowInput & {
  readonly json?: boolean;
  /** --no-pager: false. */
  readonly pager: boolean;
};

/** More than this of one text is for whoever reads that one transcript. */
const CUT = { chars: 8_000, lines: 160 };

export async function showCommand(io: Io, options: ShowOptions): Promise<number> {
  using shown = await showRecords(io, options);
  const { json } = options;
  const place = placeWords(io);
  switch (shown.kind) {
    case 'archived': {
      const { row, archive } = shown;
      io.out.write(json ? jsonLine(archivedJson(row, archive)) : archivedText(row, archive, place));
      return EXIT.complete;
    }
    case 'one':
      if (json) io.out.write(jsonLine(shown.record));
      else await showOne(io, options, shown);
      return EXIT.complete;
    case 'none':
      if (json) io.out.write('[]\n');
      else io.err.write(`expgraph: ${typedHere(noneWords(shown), place)}\n`);
      return EXIT.complete;
    case 'many':
      return await showMany(io, options, shown);
  }
}

async function showOne(io: Io, options: ShowOptions, shown: OneRecord): Promise<void> {
  const text = recordText(shown.record, { ...blocksOf(io), cut: null, ...(await shown.beside()) });
  await page(io, { chunks: [text], may: options.pager, clean: shown.clean });
}

async function showMany(io: Io, options: ShowOptions, shown: ManyRecords): Promise<number> {
  if (options.json) for (const chunk of recordsJson(shown.records())) io.out.write(chunk);
  else {
    const run = `npx expgraph run${scopeWords(makeFilter(options), io).named}`;
    const { count, missing } = shown;
    const chunks = transcriptsText(shown.transcripts(), { ...blocksOf(io), cut: CUT, count, missing, run });
    await page(io, { chunks, may: options.pager, clean: shown.clean });
  }
  if (shown.damaged.length === 0) return EXIT.complete;
  io.err.write(`expgraph: ${damagedWords(shown.damaged, placeWords(io))}\n`);
  return EXIT.store;
}

function blocksOf(io: Io): Pick<BlockOptions, 'columns' | 'colors' | 'lines'> {
  return { ...layoutOf(io.out), lines: io.out.isTty ? 'wrapped' : 'whole' };
}
