import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pageFile } from '../../src/project/report/page-file.ts';

const HOSTILE = '</script><img src=x onerror=alert(1)><!--<script>';
const file = pageFile({
  title: HOSTILE,
  inside: { answers: { experiment: { name: HOSTILE } } },
  fallback: '<p>read without script</p>',
});

/** What stands between each `<script ...>` and the next `</script`, as a browser cuts it. */
const scripts = [...file.matchAll(/<script([^>]*)>([\s\S]*?)<\/script/g)].map(([, attributes, text]) => ({
  attributes,
  text: text!,
}));

describe('a file that works from disk', () => {
  test('has two scripts: its data, which is none, and the page', () => {
    expect(scripts.map(({ attributes }) => attributes)).toEqual([
      ' type="application/octet-stream" id="expgraph-data"',
      ' type="module"',
    ]);
  });

  test('holds its data as bytes in base64, so that no text in it can end an element', () => {
    const data = scripts[0]!.text;
    expect(data).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString())).toEqual({
      answers: { experiment: { name: HOSTILE } },
    });
  });

  test('allows its own script and style by their hashes, and nothing else', () => {
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(file)!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const style = /<style>([\s\S]*?)<\/style>/.exec(file)![1]!;
    expect(policy!.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(scripts[1]!.text)}`,
      `style-src ${hash(style)}`,
      'img-src data: blob:',
      'media-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  test('says its title as text, and what can be read without script where the page will be', () => {
    expect(file).toContain(
      '<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&lt;!--&lt;script&gt;</title>',
    );
    expect(file).toContain('<div id="app"><p>read without script</p></div>');
  });

  test('is the same bytes for the same data', () => {
    const again = { title: 'a', inside: { answers: { experiment: 1 } }, fallback: '' };
    expect(pageFile(again)).toBe(pageFile(again));
  });
});
