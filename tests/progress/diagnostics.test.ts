import { describe, expect, it } from 'vitest';
import type { Diagnostic, Location } from '../../src/core/diagnostic.ts';
import { formatDiagnostics } from '../../src/progress/diagnostics.ts';

function diagnostic(fields: Partial<Diagnostic>): Diagnostic {
  return {
    severity: 'error',
    code: 'x',
    message: 'wrong',
    location: null,
    hint: null,
    related: [],
    ...fields,
  };
}

function at(fields: Partial<Location>): Location {
  return {
    file: '/home/ada/exp/experiment.yaml',
    line: 12,
    column: 3,
    length: 10,
    sourceLine: '  temprature: 0.2',
    ...fields,
  };
}

function plain(...diagnostics: readonly Diagnostic[]): string {
  return formatDiagnostics(diagnostics, { color: false, cwd: '/home/ada/exp' });
}

/** The source line and its marks, without the gutter. */
function marked(fields: Partial<Location>): readonly string[] {
  return plain(diagnostic({ location: at(fields) }))
    .split('\n')
    .slice(1, 3)
    .map((line) => line.slice(6));
}

describe('a diagnostic', () => {
  it('shows place, sentence, source line, marks, help and what belongs to it', () => {
    const related = [
      {
        message: 'the first is here',
        location: at({ file: '/home/ada/exp/a/b.yaml', line: 7, column: 1, length: 4, sourceLine: 'here' }),
      },
    ];
    expect(
      plain(
        diagnostic({
          message: 'unknown key "temprature"',
          location: at({}),
          hint: 'did you mean "temperature"?',
          related,
        }),
      ),
    ).toBe(
      [
        'experiment.yaml:12:3 error: unknown key "temprature"',
        ' 12 |   temprature: 0.2',
        '    |   ^^^^^^^^^^',
        '    a/b.yaml:7:1 note: the first is here',
        '  7 | here',
        '    | ^^^^',
        '    help: did you mean "temperature"?',
        '',
      ].join('\n'),
    );
  });
  it('without a place is its sentence', () => {
    expect(plain(diagnostic({ severity: 'warning' }))).toBe('warning: wrong\n');
  });
  it('without a source line shows the place alone', () => {
    expect(plain(diagnostic({ location: at({ sourceLine: null }) }))).toBe(
      'experiment.yaml:12:3 error: wrong\n',
    );
  });
  it('of a file elsewhere shows the whole path', () => {
    expect(plain(diagnostic({ location: at({ file: '/etc/x.yaml', sourceLine: null }) }))).toBe(
      '/etc/x.yaml:12:3 error: wrong\n',
    );
  });
  it('stands apart from the next by an empty line; none at all is no text', () => {
    expect(plain(diagnostic({}), diagnostic({}))).toBe('error: wrong\n\nerror: wrong\n');
    expect(plain()).toBe('');
  });
  it('is coloured only where it is asked for', () => {
    const one = diagnostic({ location: at({}), hint: 'h' });
    expect(plain(one)).not.toContain('\u001b');
    expect(formatDiagnostics([one], { color: true, cwd: '/' })).toContain('\u001b[31m');
  });
});

describe('a source line', () => {
  it('is marked under the place, tabs and wide characters counted as they are shown', () => {
    expect(marked({ sourceLine: '\tkey: x', column: 2, length: 3 })).toEqual(['    key: x', '    ^^^']);
    expect(marked({ sourceLine: '名: 値x', column: 4, length: 1 })).toEqual(['名: 値x', '    ^^']);
    expect(marked({ sourceLine: 'e\u0301: 😀 x', column: 8, length: 1 })).toEqual([
      'e\u0301: 😀 x',
      '      ^',
    ]);
  });
  it('cannot speak to the terminal', () => {
    const hostile = 'a\u001b[2J\u0007\u202eb\r';
    const shown = plain(
      diagnostic({
        message: `bad ${hostile}`,
        hint: hostile,
        location: at({ file: `/home/ada/exp/${hostile}`, sourceLine: hostile, column: 2, length: 1 }),
      }),
    );
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(marked({ sourceLine: hostile, column: 2, length: 1 })).toEqual([
      'a\\u001b[2J\\u0007\\u202eb\\u000d',
      ' ^^^^^^',
    ]);
  });
  it('is cut around the place when it is long', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [text, marks] = marked({ sourceLine: line, column: 501, length: 4 });
    expect(text).toBe(`…${'a'.repeat(30)}HERE${'b'.repeat(54)}…`);
    expect(marks).toBe(`${' '.repeat(31)}^^^^`);
  });
  it('is cut between characters, never inside one', () => {
    const [text] = marked({ sourceLine: '😀'.repeat(200), column: 201, length: 2 });
    expect(text).toMatch(/^…(?:😀)+…$/u);
  });
  it('bears a place beyond its end, and a mark that is longer than what is shown', () => {
    expect(marked({ sourceLine: 'ab', column: 9, length: 5 })).toEqual(['ab', '  ^']);
    expect(marked({ sourceLine: 'x'.repeat(300), column: 1, length: 300 })[1]).toBe('^'.repeat(88));
  });
});
