// What GitHub Actions obeys: our annotations mean what they say, and text of others is never one.
import { describe, expect, it } from 'vitest';
import { annotationLine, withoutCommands } from '../../src/core/workflow-commands.ts';

describe('an annotation', () => {
  it('is one line whatever stands in it, and each part is what it was', () => {
    const line = annotationLine({
      level: 'error',
      title: 'a/b,c:1',
      message: 'first\r\nsecond 100% ::error::x %0A',
      file: 'dir,x/s:1.yaml',
      line: 3,
    });
    expect(line).toBe(
      '::error file=dir%2Cx/s%3A1.yaml,line=3,title=a/b%2Cc%3A1::first%0D%0Asecond 100%25 ::error::x %250A\n',
    );
  });
});

describe('text of others', () => {
  it('is no command at the beginning of any line, nor behind blanks', () => {
    const text = '::error::a\n  ::set-output name=x::y\r\nfine :: here\n\t::stop-commands::t\n';
    expect(withoutCommands(text)).toBe(
      '\\::error::a\n  \\::set-output name=x::y\r\nfine :: here\n\t\\::stop-commands::t\n',
    );
  });

  it('is no command behind what only .NET takes for a blank, nor where a line ends in a carriage return', () => {
    for (const blank of ['\u0085', '\u00a0', '\u3000', '\v', '\f', '\u0085 \t', 'done\r', 'done\u2028'])
      expect(withoutCommands(`${blank}::add-mask::a`)).toBe(`${blank}\\::add-mask::a`);
  });

  it('is no older command anywhere, and JSON stays the same JSON', () => {
    const json = JSON.stringify({ text: 'see ##[error]boo' });
    expect(withoutCommands(json)).not.toContain('##[');
    expect(JSON.parse(withoutCommands(json))).toEqual({ text: 'see ##[error]boo' });
  });
});
