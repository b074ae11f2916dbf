// What counts of tests beside their code: options, settings, and records of keys that held every file whole.
import { describe, expect, it } from 'vitest';
import { countedArgs, countedSettings, shellWordsOf } from '../../src/core/pytest-words.ts';
import { askedAgainSentence, forgottenWords } from '../../src/report/words/drawn-again.ts';
import { mayBeOld, outgrown } from '../../src/variants/upgrade.ts';

describe('options of pytest', () => {
  it.each([
    ['-n 4 --dist load -n4 -nauto', ''],
    ['--count 3 --count=5 --reruns 2 --reruns-delay=1', ''],
    ['-k "one and two" -m slow -kone tests/a.py::test_b[x] tests/a.py', ''],
    ['-v -q -vv -qx -ra --tb=short --color no -p no:cacheprovider --junitxml=a.xml --cov=src --cov', ''],
    ['-W error', '-W error'],
    ['-p plug', '-p plug'],
    ['-pplug', '-pplug'],
    ['-o addopts=', '-o addopts='],
    ['--temperature 0.3 -n 2', '--temperature 0.3'],
    ['--strict-markers tests', '--strict-markers tests'],
    ['--runslow -v', '--runslow'],
  ])('%s: of these count %s', (written, counted) => {
    expect(countedArgs(shellWordsOf(written)).join(' ')).toBe(counted);
  });
});

describe('settings of pytest', () => {
  const toml = '[tool.pytest.ini_options]\naddopts = "-ra -W error"\nmarkers = ["a: x", "b"]\n';

  it('are read without comments, line ends and order', () => {
    const other =
      '[tool.pytest.ini_options]\n# why\nmarkers = [\n  "a: x",  # one\n  \'b\',\n]\naddopts = ["-W", "error", "-v"]\n';
    expect(countedSettings(other)).toEqual(countedSettings(toml));
    expect(countedSettings(toml)).toEqual({ addopts: ['-W', 'error'], markers: ['a: x', 'b'] });
  });

  it.each([
    ['a marker', toml.replace('"b"', '"c"')],
    ['an option', toml.replace('error', 'ignore')],
    ['the order of a list', toml.replace('"a: x", "b"', '"b", "a: x"')],
    ['a setting more', `${toml}asyncio_mode = "auto"\n`],
    ['a # in a text', toml.replace('a: x', 'a # x')],
  ])('differ by %s', (_, text) => {
    expect(countedSettings(text)).not.toEqual(countedSettings(toml));
  });

  it('of an ini file go over several lines', () => {
    expect(countedSettings('[pytest]\naddopts =\n  -W error\n  -n 3\npythonpath = a\n  b\n')).toEqual({
      addopts: ['-W', 'error'],
      pythonpath: ['a', 'b'],
    });
  });
});

describe('a record of tests that was made when files counted whole', () => {
  const was = { v: 2, model: 'm', harness: { kind: 'pytest', code: { 'a.py': 'd' } } };
  const is = { v: 3, harness: { kind: 'pytest', units: { 'a.py:f': 'd' } } };

  it('cannot be held against what counts now, and is told as that', () => {
    expect(outgrown(was, is)).toEqual(['tests']);
    expect(outgrown({ ...was, v: 1 }, is)).toEqual(['tests']);
    expect(outgrown(is, is)).toBeNull();
    expect(outgrown(was, was)).toBeNull();
    expect(outgrown({ ...was, harness: { kind: 'command' } }, is)).toBeNull();
    expect(mayBeOld('variant', is)).toBe(false);
  });

  it('is drawn again, and one sentence says how many and why', () => {
    const again = Array.from({ length: 60 }, () => ({ name: 'applike', forgot: ['tests'] }));
    expect(askedAgainSentence(again)).toBe(
      `60 cells of applike are drawn again: ${forgottenWords(['tests'])}`,
    );
    expect(forgottenWords(['tests'])).toContain('every file of the tests whole');
  });
});
