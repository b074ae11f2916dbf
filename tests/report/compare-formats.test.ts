// How a comparison looks: text, markdown, HTML and JSON, with marks, plain words and hostile names.
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { ArmCell } from '../../src/analysis/compare/input.ts';
import {
  formatDifference,
  formatInterval,
  formatMetric,
  formatP,
} from '../../src/analysis/compare/numbers.ts';
import { compareJson } from '../../src/report/compare/json.ts';
import { leastScenarios } from '../../src/report/compare/power-words.ts';
import { compareSheet } from '../../src/report/compare/sheet.ts';
import { sheetHtml } from '../../src/text/sheet-html.ts';
import { sheetMarkdown } from '../../src/text/sheet-markdown.ts';
import { sheetText } from '../../src/text/sheet-text.ts';
import { ALLOW_ALL, arm, drawnAgain, question, scenarios } from './compare-data.ts';
import { AT_80, AT_100 } from './data.ts';

const text = (
  of: Parameters<typeof compareArms>[0],
  options: typeof AT_80 | typeof AT_100 = AT_100,
): string => sheetText(compareSheet(compareArms(of)), options);
const markdown = (of: Parameters<typeof compareArms>[0]): string =>
  sheetMarkdown(compareSheet(compareArms(of)));
const html = (of: Parameters<typeof compareArms>[0]): string =>
  sheetHtml(compareSheet(compareArms(of)), { title: 'x', foot: 'expgraph compare' });

// Multiples of 1/8 and differences that are all alike: no last digit hangs on resampling.
const baseline = arm(
  'baseline',
  scenarios(8, (i) => [i / 8, i / 8]),
);
const applike = arm(
  'applike',
  scenarios(8, (i) => [i / 8 + 0.25, i / 8 + 0.25]),
);

describe('a comparison as text', () => {
  test('has arms, differences and what follows from them', () => {
    expect(text(question([baseline, applike]))).toMatchInlineSnapshot(`
      "tool-interface: mean score, by expect

                                                          same answer
      arm       scenarios  cells   mean         95 % CI  in every run
      ───────────────────────────────────────────────────────────────
      baseline          8     16  0.438  0.203 to 0.672        8 of 8
      applike           8     16  0.688  0.453 to 0.922        8 of 8

      difference from                                             up/down/  could
      baseline         scenarios    mean  95 % CI      p  effect      same   find
      ───────────────────────────────────────────────────────────────────────────
      applike                  8  +0.250        -  0.008       -     8/0/0      -

      What this says
      applike scores higher than baseline: +0.250 (the same in every scenario, p = 0.008). Were there no
        difference, one at least as large would be seen in about 8 of 1,000 such experiments.

      What it cannot say
      All of this is about these scenarios and inputs like them, and the models as they were when these
        answers were drawn; not about why the arms differ.
      "
    `);
  });

  test('fits eighty columns, whatever the names are', () => {
    const long = (end: string): string => `applike[model=sim-small,temperature=0.2,tools=${end}]`;
    const of = question([drawnAgain(baseline, long('v1')), { ...applike, variant: long('v2') }], {
      by: 'category',
    });
    const lines = text(of, AT_80).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const [first, second] = lines.filter((line) => line.startsWith('applike['));
    expect(first!.split(/ {2,}/)[0]).not.toBe(second!.split(/ {2,}/)[0]);
  });

  test('marks every number of a marked arm, in each form', () => {
    const holes = arm(
      'holes',
      scenarios(8, (i) => [i === 0 ? null : i / 8, 0.5]),
    );
    const mixed = arm(
      'mixed',
      scenarios(8, (i) => [i / 8, 0.5]),
      {
        edit: (cell: ArmCell): ArmCell =>
          cell.run === 1 ? cell : { ...cell, record: { ...cell.record!, servedModel: 'model-9' } },
      },
    );
    const of = question([baseline, holes, mixed], { allowed: ALLOW_ALL });
    const lines = text(of).split('\n');
    const row = (name: string, nth: number): readonly string[] =>
      lines
        .filter((line) => line.startsWith(name))
        .slice(nth)[0]!
        .trim()
        .split(/ {2,}/)
        .slice(1);
    for (const cell of row('holes', 0).filter((one) => one !== '1' && one !== '0'))
      expect(cell).toMatch(/\*$/);
    for (const cell of row('mixed', 0).filter((one) => one !== '0')) expect(cell).toMatch(/†$/);
    expect(row('baseline', 0).join(' ')).not.toMatch(/[*†]/);
    for (const cell of row('holes', 1).filter((one) => one !== '-')) expect(cell).toMatch(/\*$/);
    for (const cell of row('mixed', 1).filter((one) => one !== '-')) expect(cell).toMatch(/†$/);
    expect(lines).toContain('Marked numbers');
    expect(text(of)).toMatch(/\* holes is incomplete: of 16 cells 1 missing; left out/);
    expect(text(of)).toMatch(
      /† mixed was answered by more than one model: model-1-0101 in 8 cells, model-9 in 8 cells/,
    );
    expect(markdown(of)).toMatch(/\| holes \| 8\\\* \| 15\\\* \| 1 \|/);
    expect(html(of)).toMatch(/>8\*<\/td>.*>15\*<\/td>/);
    expect(compareJson(compareArms(of))).toMatchObject({
      refused: false,
      arms: [{ marks: [] }, { marks: ['incomplete'] }, { marks: ['mixed_models'] }],
      comparisons: [{ marks: ['incomplete'] }, { marks: ['mixed_models'] }],
    });
  });
});

describe('the words below', () => {
  const words = (of: Parameters<typeof compareArms>[0]): { can: string[]; cannot: string[] } =>
    (compareJson(compareArms(of)) as { conclusions: { can: string[]; cannot: string[] } }).conclusions;

  test('say what was found, in the words of the metric', () => {
    const found = (metric: 'score' | 'tokens' | 'latency' | 'cost' | 'pass'): string =>
      words(question([baseline, applike], { metric })).can[0]!;
    expect(found('score')).toBe(
      'applike scores higher than baseline: +0.250 (the same in every scenario, p = 0.008). ' +
        'Were there no difference, one at least as large would be seen in about 8 of 1,000 such experiments.',
    );
    expect(found('tokens')).toMatch(/^applike uses more tokens than baseline/);
    expect(found('latency')).toMatch(/^applike is slower than baseline/);
    expect(found('cost')).toMatch(/^applike costs more than baseline/);
    expect(found('pass')).toMatch(/^applike passes more often than baseline/);
    expect(words(question([applike, baseline])).can[0]).toMatch(
      /^baseline scores lower than applike: -0\.250/,
    );
  });

  test('say that too few scenarios cannot tell, whatever they answer', () => {
    const few = question([
      arm(
        'a',
        scenarios(4, () => [0, 0, 0]),
      ),
      arm(
        'b',
        scenarios(4, (i) => [1, 1, i / 10]),
      ),
    ]);
    expect(words(few)).toMatchObject({
      can: ['3 runs x 4 scenarios cannot tell a and b apart.'],
      cannot: [
        'Even if every scenario spoke for the same arm, p could not be below 0.13: it takes at least 6 scenarios to find anything.',
        expect.any(String),
      ],
    });
    expect([1, 2, 5].map(leastScenarios)).toEqual([6, 7, 8]);
  });

  test('say that nothing found is no evidence of nothing, and what could have been found', () => {
    const noisy = question([
      arm(
        'a',
        scenarios(20, (i) => [i % 2]),
      ),
      arm(
        'b',
        scenarios(20, (i) => [i % 3 === 0 ? 1 : 0]),
      ),
    ]);
    const { can, cannot } = words(noisy);
    expect(can[0]).toMatch(
      /^1 run x 20 scenarios cannot tell a and b apart: -0\.150 \(95 % CI .* to .*, p = 0\.\d+\)\.$/,
    );
    expect(cannot[0]).toMatch(
      /^That is no evidence that a and b are alike: a true rise of 0\.\d+ would be found four times out of five here, a smaller one less often\. A fall would be found only near to its bound, if at all\. To find one as large as the one seen takes some \d+ scenarios like these\.$/,
    );
    expect(cannot).toContain(
      'With one run of each scenario, how much an answer changes from run to run is not known.',
    );
    expect(cannot.at(-1)).toMatch(/^All of this is about these scenarios/);
  });

  test('say how many runs would do, or that none would', () => {
    const noisy =
      (shift: number) =>
      (i: number): readonly number[] => [(i % 4) + shift, ((i + 2) % 4) + shift];
    const scattered = (i: number): readonly number[] => [(i % 4) + 0.03, (i % 4) + 0.03];
    const still = arm(
      'a',
      scenarios(20, () => [1.5, 1.5]),
    );
    const runs = words(
      question([
        still,
        arm(
          'b',
          scenarios(20, (i) => noisy(i % 5 ? 0.05 : -0.02)(i)),
        ),
      ]),
    ).cannot[0];
    expect(runs).toMatch(
      /takes some [\d,]+ scenarios like these, or some \d+ runs of the ones that are there\.$/,
    );
    const none = words(question([still, arm('b', scenarios(20, scattered))])).cannot[0];
    expect(none).toMatch(
      /takes some .*scenarios like these; more runs of the ones that are there would not do\.$/,
    );
  });

  test('say of arms that are alike only that these were', () => {
    expect(words(question([baseline, drawnAgain(baseline, 'twin')])).can[0]).toBe(
      'baseline and twin have the same mean score in every one of 8 scenarios.',
    );
  });

  test('say what many groups do to chance, and which are too small', () => {
    const values = { ...scenarios(10, () => [0]), 'x:1': [0], 'x:2': [0] };
    const others = { ...scenarios(10, (i) => [1 + i]), 'x:1': [1], 'x:2': [2] };
    const { can, cannot } = words(question([arm('a', values), arm('b', others)], { by: 'category' }));
    expect(can[1]).toMatch(/^In s: b scores higher than a: \+5\.500 .* corrected for 2 tests\)\.$/);
    expect(cannot[0]).toMatch(
      /^2 categories were tested, so each p \(Holm\) and each interval \(Bonferroni\) is corrected/,
    );
    expect(cannot[1]).toBe('With fewer than 6 scenarios nothing can be found in a category: x.');
  });

  test('never say that anything is proven, and tell of a simulation', () => {
    for (const of of [
      question([baseline, applike]),
      question([{ ...baseline, simulated: true }, applike], { by: 'category' }),
    ]) {
      expect(text(of)).not.toMatch(/prove|significan/i);
    }
    const played = { ...baseline, simulated: true };
    expect(words(question([played, { ...applike, simulated: true }])).cannot.at(-1)).toMatch(
      /^SIMULATION: these answers were played/,
    );
    expect(words(question([played, applike])).cannot.at(-1)).toBe(
      'SIMULATION: answers of baseline were played; no number with them says anything about a model.',
    );
  });
});

describe('over time', () => {
  const judged = (cell: ArmCell): ArmCell => ({ ...cell, passed: cell.value! >= 0.5 });
  const before = arm(
    'applike',
    scenarios(8, (i) => [i / 8]),
    { at: '0001-20261122T204501Z', edit: judged },
  );
  const after = {
    ...before,
    at: 'now',
    cells: before.cells.map((cell, i) =>
      judged({
        ...cell,
        value: i % 2,
        record: {
          ...cell.record!,
          id: 1_000 + i,
          key: i < 2 ? `edited ${i}` : cell.record!.key,
          outputDigest: `${i % 2}`,
          servedModel: 'model-2',
        },
      }),
    ),
  };
  const of = question([before, after], { between: 'moments' });

  test('lists cells as show takes them: another answer to the same input, flipped verdicts, changed input', () => {
    const printed = text(of);
    expect(printed).toContain('applike: now - 0001');
    expect(printed.slice(printed.indexOf('Beware'))).toMatchInlineSnapshot(`
      "Beware
      applike at 0001 was answered by model-1-0101, applike at now by model-2: the difference may be the
        model and not the edit.

      What became of the cells of applike
      8 cells at both moments: 2 with changed input, 6 with the same input and another answer (the
        provider moved, or chance did). 4 verdicts flipped: 2 to fail, 2 to pass.

      Same input, another answer
        applike/s:03/1  (served by model-1-0101, then model-2)
        applike/s:04/1  (served by model-1-0101, then model-2)
        applike/s:05/1  (served by model-1-0101, then model-2)
        applike/s:06/1  (served by model-1-0101, then model-2)
        applike/s:07/1  (served by model-1-0101, then model-2)
        applike/s:08/1  (served by model-1-0101, then model-2)

      Verdict flipped
        applike/s:02/1  fail -> pass
        applike/s:04/1  fail -> pass, same input
        applike/s:05/1  pass -> fail, same input
        applike/s:07/1  pass -> fail, same input

      Input changed
        applike/s:01/1
        applike/s:02/1
      "
    `);
    expect(markdown(of)).toContain('- `applike/s:02/1` fail -\\> pass\n');
    expect(html(of)).toContain('<li><code>applike/s:02/1</code> fail -&gt; pass</li>');
    expect(compareJson(compareArms(of))).toMatchObject({
      between: 'moments',
      comparisons: [
        {
          first: 'applike at 0001',
          second: 'applike at now',
          moved: {
            cells: 8,
            not_drawn_again: 0,
            input_changed: ['applike/s:01/1', 'applike/s:02/1'],
            flips: expect.arrayContaining([
              { cell: 'applike/s:02/1', from: 'fail', to: 'pass', same_input: false },
            ]),
          },
        },
      ],
    });
  });
});

describe('names of others', () => {
  const EVIL = '<script>alert(1)</script> | `x` **b** [l](javascript:1) @all \u001b[31m\u202e\nnext';
  const of = question([drawnAgain(baseline, EVIL), { ...applike, variant: `${EVIL}2` }], {
    by: 'category',
    groupsOf: () => [EVIL],
    scorers: [EVIL],
    experiment: EVIL,
  });
  const moved = {
    ...question([arm(EVIL, { [EVIL]: [1] }, { at: EVIL }), arm(EVIL, { [EVIL]: [0] }, { at: 'now' })]),
    between: 'moments' as const,
  };

  test('move no cursor', () => {
    for (const printed of [text(of), text(moved), markdown(of), html(of)]) {
      expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  test('are no markup in HTML, neither in text nor in pictures', () => {
    for (const page of [html(of), html(moved)]) {
      expect(page).not.toContain('<script');
      expect(page).toContain('&lt;script&gt;');
      expect(page).not.toMatch(
        /<(?!\/?(?:html|head|meta|title|style|body|main|footer|section|h1|h2|div|table|thead|tbody|tr|th|td|p|ul|li|code|figure|svg|line|text|circle|br)\b|!doctype)/,
      );
    }
  });

  test('are neither markup nor mentions nor new cells in markdown', () => {
    const page = markdown(of);
    for (const line of page.split('\n')) {
      const bare = line
        .replace(/\\./g, '')
        .replace(/<!-- -->/g, '')
        .replace(/(`+)[^`].*?\1/g, '');
      expect(bare).not.toMatch(/[`<>]|\]\(/);
      expect(line.replaceAll('@<!-- -->', '')).not.toContain('@');
    }
    const tables = page.split('\n').filter((line) => line.startsWith('|'));
    const cells = tables.map((line) => line.replace(/\\\|/g, '').split('|').length);
    expect(new Set(cells).size).toBe(2);
  });
});

describe('the page', () => {
  test('needs no script and loads nothing', () => {
    const page = html(question([baseline, applike]));
    expect(page).not.toMatch(/<script|<link|<img|https?:|url\(/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('prefers-color-scheme: dark');
  });

  test('draws intervals of arms that are all alike, and of one arm without a number none', () => {
    const same = arm(
      'same',
      scenarios(3, () => [0]),
    );
    expect(html(question([same, drawnAgain(same, 'twin')]))).not.toMatch(/NaN|Infinity/);
    const [first] = html(question([baseline, applike])).match(/<svg.*?<\/svg>/s)!;
    expect(first.match(/<circle/g)).toHaveLength(2);
  });
});

describe('as JSON', () => {
  test('a refusal has findings and no number', () => {
    const holes = arm(
      'holes',
      scenarios(8, (i) => [i === 0 ? null : 1]),
    );
    expect(compareJson(compareArms(question([baseline, holes])))).toMatchObject({
      refused: true,
      findings: [
        { kind: 'incomplete', severity: 'refusal', arms: ['holes'], cells: ['holes/s:01/1'], count: 1 },
      ],
      arms: [],
      comparisons: [],
      conclusions: { can: [], cannot: [] },
    });
  });

  test('holds no number that JSON has no word for', () => {
    const json = JSON.parse(JSON.stringify(compareJson(compareArms(question([baseline, applike]))))) as {
      comparisons: readonly object[];
    };
    expect(json.comparisons[0]).toMatchObject({
      scenarios: 8,
      verdict: 'found',
      difference: 0.25,
      ci95: null,
      effect: null,
      permutation: { p: 2 / 256, exact: true, p_holm: 2 / 256, tests: 1 },
      scenarios_up: 8,
      scenarios_down: 0,
      scenarios_same: 0,
    });
  });
});

test('numbers are said in the unit of the metric', () => {
  expect(formatMetric('score', 0.8124)).toBe('0.812');
  expect(formatMetric('tokens', 1234.5)).toBe('1,235');
  expect(formatMetric('tokens', 12.34)).toBe('12.3');
  expect(formatMetric('latency', 12.34)).toBe('12.3 ms');
  expect(formatMetric('latency', 1234.5)).toBe('1,235 ms');
  expect(formatMetric('latency', 61_234)).toBe('61.2 s');
  expect(formatMetric('cost', 0.000_131_4)).toBe('$0.000131');
  expect(formatMetric('cost', 12.5)).toBe('$12.50');
  expect(formatMetric('cost', 0)).toBe('$0');
  expect(formatDifference('cost', -0.000_02)).toBe('-$0.0000200');
  expect(formatDifference('score', -0.0001)).toBe('0.000');
  expect(formatInterval({ low: -7.7, high: 18.3 }, (value) => formatDifference('latency', value))).toBe(
    '-7.7 to +18.3 ms',
  );
  expect([0.0004, 0.0123, 1].map(formatP)).toEqual(['<0.001', '0.012', '1.000']);
});
