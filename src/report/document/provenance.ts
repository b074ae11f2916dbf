// Where every number comes from: invocations, digests, and the command that makes the same report again. Pure.
import { sha256 } from '../../core/canonical.ts';
import { formatCount, formatMoney } from '../../text/format.ts';
import type { DocumentBlock } from './document.ts';
import type { ReportFacts } from './facts.ts';

export function provenanceBlocks(facts: ReportFacts): readonly DocumentBlock[] {
  const draws = facts.scenarios.flatMap((one) => one.arms.flatMap(({ runs }) => runs));
  const records = facts.records.toSorted();
  const used = new Map<string, number>();
  for (const { invocation, record } of draws) {
    if (invocation !== null && record !== null) used.set(invocation, (used.get(invocation) ?? 0) + 1);
  }
  const shown = facts.invocations.filter(({ invocation }) => used.has(invocation));
  const versions = [...new Set(shown.map((one) => one.versions))];
  return [
    {
      kind: 'table',
      head: 'Invocations that these answers come from',
      columns: [
        { head: 'invocation' },
        { head: 'command' },
        { head: 'ended' },
        { head: 'executed', align: 'right' },
        { head: 'failed', align: 'right' },
        { head: 'answers here', align: 'right' },
        { head: 'cost', align: 'right' },
        { head: 'commit' },
      ],
      rows: shown.map((one) => ({
        kind: 'cells',
        cells: [
          one.invocation,
          one.command,
          one.how,
          formatCount(one.executed),
          formatCount(one.failed),
          formatCount(used.get(one.invocation) ?? 0),
          formatMoney(one.costUsd),
          one.commit === null ? '-' : `${one.commit.slice(0, 12)}${one.isDirty ? ' + changes' : ''}`,
        ],
      })),
    },
    {
      kind: 'sentences',
      head: 'Keys',
      tone: 'plain',
      sentences: [
        `${formatCount(records.length)} records; SHA-256 of their keys and generations, sorted, a line each: ${sha256(records.map((one) => `${one}\n`).join(''))}. Each transcript names its own; npx expgraph show takes it.`,
        ...(versions.length === 0 ? [] : [`Drawn with ${versions.join('; ')}.`]),
      ],
    },
    { kind: 'sentences', head: 'To make it again', tone: 'plain', sentences: [] },
    { kind: 'code', text: facts.command },
  ];
}
