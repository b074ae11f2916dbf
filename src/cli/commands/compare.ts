// expgraph compare: arms against each other, or one against itself over time, once the gate is open.
import { isRefused } from '../../analysis/compare/result.ts';
import { jsonLine } from '../../core/text.ts';
import type { CompareArmsInput } from '../../project/compare/compare.ts';
import { compareAsked } from '../../project/compare/humans.ts';
import { exitWithGate } from '../../project/compare/invocation-gate.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { makeFilter, placeWords, scopeWords } from '../../project/open/filters.ts';
import {
  type Comparison,
  comparisonHtml,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  jobBlocks,
  refusalText,
} from '../../report/compare/comparison.ts';
import { differingText } from '../../report/compare/differing.ts';
import { type Io, isGithub, layoutOf } from '../io.ts';
import { tellGate } from '../terminal/gate-lines.ts';

export type CompareFormat = 'table' | 'json' | 'markdown' | 'html';
export type CompareOptions = CompareArmsInput & { readonly format: CompareFormat; readonly json?: boolean };

export async function compareCommand(io: Io, options: CompareOptions): Promise<number> {
  const comparison = await compareAsked(io, options);
  const { compared, cells, gate = [], beside = [] } = comparison;
  const isHuman = compared.scorers.some((name) => name.startsWith('human.'));
  const format = options.json ? 'json' : options.format;
  for (const one of [compared, ...beside.map((other) => other.compared)])
    if (isRefused(one)) io.err.write(refusalText(one, { ...layoutOf(io.err), place: placeWords(io) }));
  if (!isRefused(compared) || format === 'json') io.out.write(textOf(io, comparison, format));
  const isOfAll = (options.scorer ?? []).length === 0 && options.against === undefined && !isHuman;
  if (format === 'table' && !isRefused(compared) && isOfAll) {
    const { scenario = [], category = [], tag = [], runs = [] } = options;
    const scope = scopeWords(makeFilter({ scenario, category, tag, runs }), io);
    io.out.write(differingText(cells, { ...layoutOf(io.out), scope }));
  }
  if (format === 'json') await tellGate(io, gate);
  if (isGithub(io)) {
    const { tellGithub } = await import('../terminal/github.ts');
    tellGithub(io, { experiment: null, notPassed: undefined, gate, summary: jobBlocks(comparison) });
  }
  return exitWithGate(comparison.concluded ? EXIT.complete : EXIT.incomplete, { gate });
}

function textOf(io: Io, comparison: Comparison, format: CompareFormat): string {
  switch (format) {
    case 'json':
      return jsonLine(comparisonJson(comparison));
    case 'markdown':
      return comparisonMarkdown(comparison);
    case 'html':
      return comparisonHtml(comparison, io.clock.now());
    case 'table':
      return comparisonText(comparison, layoutOf(io.out));
  }
}
