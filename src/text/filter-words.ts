// Filters as they are typed, each with its option. Pure.
import { runsWords } from '../core/run-list.ts';
import { shardText } from '../core/shard.ts';
import type { Filter } from '../core/task.ts';
import { sanitizeLine } from '../core/text.ts';
import { quoteWord } from './next.ts';

type Named = Pick<Filter, 'variant' | 'scenario' | 'category' | 'tag' | 'runs' | 'shard'>;

export function filterWords({ variant, scenario, category, tag, runs, shard }: Named): readonly string[] {
  const named = { variant, scenario, category, tag };
  return [
    ...Object.entries(named).flatMap(([option, values]) =>
      values.map((value) => `--${option} ${quoteWord(sanitizeLine(value))}`),
    ),
    ...(runs.length === 0 ? [] : [`--runs ${runsWords(runs)}`]),
    ...(shard ? [`--shard ${shardText(shard)}`] : []),
  ];
}
