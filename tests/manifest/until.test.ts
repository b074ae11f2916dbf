// `until:` as it is written: what it is read as, and what is said where it cannot be meant.
import { describe, expect, it } from 'vitest';
import { sampleKey } from '../../src/planner/key.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { type Files, load, manifestOf } from './folder.ts';

function files(until: string, more: { readonly expect?: boolean; readonly b?: string } = {}): Files {
  return {
    'experiment.yaml': `version: 1
name: demo
runs: 2
provider: sim
scenarios: [s.yaml]
variants: { a: {}, b: { salt: b${more.b ?? ''} }, "other x": { salt: c } }
${until}`,
    's.yaml': `- { id: one, input: hello${more.expect === false ? '' : ', expect: { contains: x }'} }\n`,
  };
}

async function printed(of: Files): Promise<string> {
  const { manifest, printed: text } = await load(of);
  expect(manifest).toBeNull();
  return text;
}

describe('until', () => {
  it('has a goal, a first stage, a last one, and the arms in their order', async () => {
    const { until } = await manifestOf(files('until: { half_width: 0.05, max_runs: 10 }\n'));
    expect(until).toEqual({
      goal: { kind: 'half-width', size: 0.05 },
      ...{ metric: 'score', variants: ['a', 'b', 'other x'], runs: 2, maxRuns: 10 },
    });
  });

  it('is about the named arms alone, globs among them, and about passes where that is said', async () => {
    const text = 'until: { decided: 0.1, max_runs: 3, metric: pass, variants: ["oth*", a] }\n';
    expect((await manifestOf(files(text))).until).toMatchObject({
      goal: { kind: 'decided', size: 0.1 },
      ...{ metric: 'pass', variants: ['other x', 'a'] },
    });
  });

  it('is not there where nobody wrote it, neither read nor kept', async () => {
    const manifest = await manifestOf(files(''));
    expect(manifest).not.toHaveProperty('until');
    expect(manifest.printable).not.toHaveProperty('until');
  });

  it('moves no key', async () => {
    const keys = async (text: string): Promise<readonly string[]> =>
      fingerprint(await manifestOf(files(text))).map(({ variant, engine, scenarios }) =>
        sampleKey({ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest }, 1),
      );
    expect(await keys('until: { decided: 0.1, max_runs: 9 }\n')).toEqual(await keys(''));
  });

  it.each([
    ['until: { max_runs: 5 }\n', {}, '"until" does not say what is to be reached with at most 5 runs'],
    ['until: { half_width: 0.1, decided: 0.1, max_runs: 5 }\n', {}, '"until" has one goal'],
    ['until: { half_width: 0.1, max_runs: 2 }\n', {}, '"max_runs: 2" leaves no run to add'],
    ['until: { half_width: 0.1 }\n', {}, 'max_runs'],
    ['until: { half_width: 0, max_runs: 5 }\n', {}, 'half_width'],
    ['until: { half_with: 0.1, max_runs: 5 }\n', {}, 'did you mean "half_width"?'],
    ['until: { decided: 0.1, max_runs: 5, variants: [b] }\n', {}, '"decided" is about a difference'],
    ['until: { decided: 0.1, max_runs: 5, variants: [aa] }\n', {}, 'no variant matches "aa"'],
    [
      'until: { decided: 0.1, max_runs: 5 }\n',
      { b: ', runs: 3' },
      '"a" begins with 2 where others begin with 3',
    ],
    ['until: { decided: 0.1, max_runs: 5 }\n', { expect: false }, 'nothing judges these answers'],
  ])('%s is a mistake that is told: %o', async (text, more, said) => {
    expect(await printed(files(text, more))).toContain(said);
  });

  it('refuses tests that say themselves how often they run, and takes them once the manifest says it', async () => {
    const tests = (runs: string): Files => ({
      'experiment.yaml': `version: 1
name: demo
${runs}
pytest: { path: tests }
scenarios: [s.yaml]
variants: { a: {}, b: {} }
until: { decided: 0.1, max_runs: 5 }
`,
      's.yaml': '- { id: "test_a.py::test_one", input: "" }\n',
      'tests/test_a.py':
        "import pytest\n@pytest.mark.parametrize('variant', ['a', 'b'])\ndef test_one(variant): pass\n",
    });
    const said = await printed(tests(''));
    expect(said).toContain('"a" has none: its tests say how often they run');
    expect(said).toContain('write runs: 3');
    expect((await manifestOf(tests('runs: 2'))).until).toMatchObject({ runs: 2, maxRuns: 5 });
  });
});
