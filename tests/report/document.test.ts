// Reports as plain data and as Markdown: what they say first, what their numbers are, and that texts of others stay text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import { fisherExact } from '../../src/analysis/statistics/exact.ts';
import { wilson } from '../../src/analysis/statistics/intervals.ts';
import { decisionRecord } from '../../src/report/document/adr.ts';
import { consistencyOf } from '../../src/report/document/consistency.ts';
import { differing } from '../../src/report/document/differing.ts';
import type { DocumentBlock, ReportDocument } from '../../src/report/document/document.ts';
import { fenced } from '../../src/report/document/fence.ts';
import { documentGithub } from '../../src/report/document/github.ts';
import { documentHtml } from '../../src/report/document/html.ts';
import { makeDocument } from '../../src/report/document/make-document.ts';
import { documentMarkdown } from '../../src/report/document/markdown.ts';
import { arm, question, scenarios } from './compare-data.ts';
import { called, draw, facts, scenario } from './document-data.ts';

const three = (of: (run: number) => ReturnType<typeof draw>) => [1, 2, 3].map(of);
const passes = three((run) => draw(run));
const fails = three((run) => called(run, 'create_event', { title: 'gym' }, { mark: 'failed' }));
const SCENARIOS = [
  scenario('ambiguous:seven', passes, fails),
  scenario('ambiguous:thing', passes, [
    draw(1),
    draw(2),
    called(3, 'create_event', { title: 'it' }, { mark: 'failed' }),
  ]),
  scenario('sanity:hello', passes, passes),
];

function cellsOf(document: ReportDocument, head: string): readonly (readonly string[])[] {
  const blocks: readonly DocumentBlock[] = document.parts.flatMap((part) => part.blocks);
  const table = blocks.find((block) => block.kind === 'table' && block.head?.startsWith(head));
  if (table?.kind !== 'table') throw new Error(`no table ${head}`);
  return table.rows.flatMap((row) => (row.kind === 'cells' ? [row.cells] : []));
}

describe('the numbers of a report', () => {
  const document = makeDocument(facts(SCENARIOS));

  test('are rates of each arm and category, with Wilson of the runs and an interval that knows that runs are alike', () => {
    const rows = cellsOf(document, 'Passed');
    expect(rows.map(([arm, category, passed, rate]) => [arm, category, passed, rate])).toEqual([
      ['baseline', 'all', '9 of 9', '1.000'],
      ['', 'ambiguous', '6 of 6', '1.000'],
      ['', 'sanity', '3 of 3', '1.000'],
      ['applike', 'all', '5 of 9', '0.556'],
      ['', 'ambiguous', '2 of 6', '0.333'],
      ['', 'sanity', '3 of 3', '1.000'],
    ]);
    const { low, high } = wilson(5, 9);
    const [, , , , wilsonCell, clustered] = rows[3]!;
    expect(wilsonCell).toBe(`${low.toFixed(3)} to ${high.toFixed(3)}`);
    expect(clustered).not.toBe(wilsonCell);
  });

  test('are the tests of compare: permutation over scenarios, and Fisher over scenarios passed', () => {
    const [whole] = cellsOf(document, 'Tests of differences from baseline');
    const fisher = fisherExact({ a: 3, b: 0, c: 2, d: 1 });
    expect(whole![0]).toBe('applike');
    expect(whole![1]).toBe('-0.444');
    expect(whole![5]).toBe(fisher.toFixed(3));
  });

  test('are tokens, cost and latency, and what is not known of some is said of the others', () => {
    const unknown = [draw(1, { costUsd: null }), draw(2), draw(3)];
    const [baseline] = cellsOf(makeDocument(facts([scenario('a:b', unknown, passes)])), 'Tokens, cost');
    expect(baseline).toEqual(['baseline', '3', '100', '10', '$0.00100 (of 2)', 'unknown', '120/120 ms']);
  });

  test('are means of what readers said who did not know the arm, dimension by dimension', () => {
    const said = (first: number, second: number) =>
      compareArms(
        question([
          arm(
            'baseline',
            scenarios(6, () => [first]),
          ),
          arm(
            'applike',
            scenarios(6, () => [second]),
          ),
        ]),
      );
    const humans = [
      { dimension: 'human.naturalness', compared: said(0.75, 0.25) },
      { dimension: 'human.ambiguity', compared: said(1, 1) },
    ];
    const made = makeDocument(facts(SCENARIOS, { humans }));
    expect(cellsOf(made, 'Rubric').map((row) => row.slice(0, 5))).toEqual([
      ['human.naturalness', 'baseline', '6', '6', '0.750'],
      ['', 'applike', '6', '6', '0.250'],
      ['human.ambiguity', 'baseline', '6', '6', '1.000'],
      ['', 'applike', '6', '6', '1.000'],
    ]);
    expect(cellsOf(made, 'Differences in the rubric').map((row) => row.slice(0, 4))).toEqual([
      ['human.naturalness', 'applike', '6', '-0.500'],
      ['human.ambiguity', 'applike', '6', '0.000'],
    ]);
  });
});

describe('what stands above every number', () => {
  test('is what is missing, failed or stale, arm by arm, and that answers were played', () => {
    const holes = [draw(1), draw(2, { mark: 'missing', record: null }), draw(3, { mark: 'stale' })];
    expect(makeDocument(facts([scenario('a:b', holes, passes)], { isSimulated: true })).warnings).toEqual([
      'SIMULATION: answers in this report were played; no number says anything about a model.',
      'INCOMPLETE: baseline lacks answers in 3 cells: 1 missing, 1 stale. Its numbers are of what is there.',
    ]);
  });

  test('is that two models answered one arm', () => {
    const mixed = [draw(1), draw(2, { servedModel: 'model-1-0606' }), draw(3)];
    expect(makeDocument(facts([scenario('a:b', mixed, passes)])).warnings).toEqual([
      'MIXED MODELS: baseline was answered by 2 models (model-1-0101 2, model-1-0606 1): its numbers are of no single one.',
    ]);
  });

  test('is nothing where all is there', () => {
    expect(makeDocument(facts(SCENARIOS)).warnings).toEqual([]);
  });
});

describe('consistency', () => {
  test('tells text, tools, arguments and whether it was asked or acted apart, and names what varies', () => {
    const varying = scenario(
      'a:b',
      [called(1, 'schedule', { at: 7 }), called(2, 'schedule', { at: 8 }), called(3, 'schedule', { at: 7 })],
      [draw(1), draw(2, { text: 'Which?' }), called(3, 'create', {})],
    );
    expect(consistencyOf([varying])).toEqual([
      {
        variant: 'baseline',
        scenarios: 1,
        same: { text: 1, tools: 1, arguments: 0, 'asked or acted': 1 },
        answers: 3,
        distinct: 2,
        varying: [{ scenario: 'a:b', in: ['arguments'], distinct: 2 }],
      },
      {
        variant: 'applike',
        scenarios: 1,
        same: { text: 0, tools: 0, arguments: 0, 'asked or acted': 0 },
        answers: 3,
        distinct: 3,
        varying: [{ scenario: 'a:b', in: ['text', 'tools', 'arguments', 'asked or acted'], distinct: 3 }],
      },
    ]);
  });

  test('takes arguments in another order for the same', () => {
    const same = scenario('a:b', [called(1, 'x', { a: 1, b: 2 }), called(2, 'x', { b: 2, a: 1 })], passes);
    expect(consistencyOf([same])[0]!.same.arguments).toBe(1);
  });

  test('says nothing of what was answered once, and of cells without an answer', () => {
    const once = scenario('a:b', [draw(1), draw(2, { mark: 'error', text: null })], [draw(1)]);
    expect(consistencyOf([once]).map(({ scenarios, answers }) => [scenarios, answers])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});

describe('the scenarios that differ most', () => {
  test('are those whose scores are farthest apart, with equal answers told once and the runs that gave them', () => {
    const [first, second, ...others] = differing(SCENARIOS, 10);
    expect([first!.scenario, first!.why]).toEqual(['ambiguous:seven', 'applike -1.000 from baseline']);
    expect([second!.scenario, second!.why]).toEqual(['ambiguous:thing', 'applike -0.333 from baseline']);
    expect(second!.arms[1]!.answers.map(({ runs, mark }) => [runs, mark])).toEqual([
      [[1, 2], 'passed'],
      [[3], 'failed'],
    ]);
    expect(others).toEqual([]);
  });

  test('are as many as are asked for, and then no other has a transcript', () => {
    const document = makeDocument(facts(SCENARIOS, { most: 1, onlyDifferences: true }));
    expect(document.differing.map((one) => one.scenario)).toEqual(['ambiguous:seven']);
    expect(document.transcripts.map((one) => one.scenario)).toEqual(['ambiguous:seven']);
    expect(document.left).toBe(2);
  });
});

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '```\n# no heading of ours\n@octocat https://example.com #12',
  '````` <img src=x onerror=alert(1)> </details>',
  '| a | b |\u202e\u0007',
];
const hostile = scenario(
  'x:</summary><b>@octocat',
  HOSTILE.map((text, i) => draw(i + 1, { text, servedModel: 'm</td>@octocat' })),
  HOSTILE.map((text, i) =>
    called(
      i + 1,
      '<script>',
      { '</pre>': text },
      {
        mark: 'failed',
        scores: [{ scorer: '@team', score: 0, passed: false, reason: text, missing: null }],
      },
    ),
  ),
  { description: '<script>alert(2)</script> @octocat', input: [{ role: 'user', content: HOSTILE[1]! }] },
);

describe('Markdown with texts of others in it', () => {
  const document = makeDocument(facts([hostile]));
  for (const [form, text] of [
    ['the document', documentMarkdown(document)],
    ['what GitHub shows', documentGithub(document)],
    ['the decision record', decisionRecord(document, facts([hostile]))],
  ] as const) {
    test(`keeps them in fences or escaped: ${form}`, () => {
      const outside = withoutFences(text);
      expect(outside).not.toMatch(/(?<!\\)<(?!\/?details>|\/?summary>|!-- -->)/);
      expect(outside).not.toMatch(/@octocat|@team/);
      expect(outside).not.toMatch(/https?:\/\//);
      expect(outside).not.toContain('no heading of ours');
      expect(outside).not.toMatch(/[\u202e\u0007]/);
      expect(outside.match(/<details>/g)?.length).toBe(outside.match(/<\/details>/g)?.length);
    });
  }

  test('has fences that no text in them can end, whatever it holds', () => {
    const marks = fc.string({ unit: fc.constantFrom('`', '~', '\n', 'a', ' '), maxLength: 40 });
    fc.assert(
      fc.property(marks, (text) => {
        const [open, ...lines] = fenced(text).trimEnd().split('\n');
        const fence = /^`+/.exec(open!)![0];
        const ends = lines.findIndex((line) => new RegExp(`^ {0,3}\`{${fence.length},}\\s*$`).test(line));
        expect(ends).toBe(lines.length - 1);
      }),
    );
  });
});

/** What a renderer takes for Markdown: everything but fences, spans of code, and what is in them. */
function withoutFences(text: string): string {
  const kept: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const ticks = /^(`{3,})/.exec(line)?.[1];
    if (fence === null && ticks !== undefined) fence = ticks;
    else if (fence !== null && line === fence) fence = null;
    else if (fence === null) kept.push(line);
  }
  expect(fence).toBe(null);
  return kept.join('\n').replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
}

test('HTML that is read without script has no element, attribute or address of others', () => {
  const html = documentHtml(makeDocument(facts([hostile])));
  const tags = new Set([...html.matchAll(/<\/?([a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  expect([...tags].filter((name) => ['script', 'img', 'b', 'style', 'a', 'iframe'].includes(name!))).toEqual(
    [],
  );
  expect(html).not.toMatch(/<[^>]*\s(?:on\w+|style|href|src)=/i);
  expect(html).not.toMatch(/[\u202e\u0007]/);
});

describe('what fits on GitHub', () => {
  test('is shorter than a comment may be, however long the answers and how many scenarios there are', () => {
    const long = three((run) => draw(run, { text: `${'a word and another '.repeat(2_000)}${run}` }));
    const many = Array.from({ length: 80 }, (_, i) =>
      scenario(
        `c${i % 40}:scenario-${i}`,
        passes,
        long.map((one) => ({ ...one, mark: 'failed', score: 0 })),
      ),
    );
    const text = documentGithub(makeDocument(facts(many, { most: 80 })));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('Left out, because a comment holds no more: ');
    expect(text).toContain('### Results');
    expect(text).toContain('npx expgraph report');
  });

  test('says at its top what is incomplete', () => {
    const holes = [draw(1), draw(2, { mark: 'missing', record: null })];
    const text = documentGithub(makeDocument(facts([scenario('a:b', holes, passes)])));
    expect(text.indexOf('INCOMPLETE')).toBeLessThan(text.indexOf('Results'));
  });
});

test('a decision record has everything but the decision', () => {
  const made = facts(SCENARIOS);
  const text = decisionRecord(makeDocument(made), made);
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, head]) => head)).toEqual([
    'Context',
    'Method',
    'Results',
    'Consistency',
    'Evidence',
    'Decision',
    'Consequences',
  ]);
  expect(text).toMatch(/## Decision\n\n_To be written by those who decide\._\n\n## Consequences/);
  expect(text).toContain('Date: 2026-02-16.');
});

test('the method names prompts once for the arms that share them, settings that differ in bold, and the state of the repository', () => {
  const text = documentMarkdown(makeDocument(facts(SCENARIOS)));
  expect(text).toContain('### System prompt of every arm\n\n```text\nBe short.\n```');
  expect(text).toContain(
    '| **tools** | **c0ffeec0ffee: schedule\\_task** | **decadedecade: create\\_event, create\\_reminder** |',
  );
  expect(text).toContain('Drawn at commit deadbeefdead with changes that were not committed.');
});

test('the same facts make the same bytes', () => {
  const [one, two] = [facts(SCENARIOS), facts(SCENARIOS)];
  expect(documentMarkdown(makeDocument(one))).toBe(documentMarkdown(makeDocument(two)));
  expect(documentHtml(makeDocument(one))).toBe(documentHtml(makeDocument(two)));
});
