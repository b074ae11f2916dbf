// What a file counts for, and where it stands in what is sent.
import { describe, expect, it } from 'vitest';
import type { ChatMessage, Manifest } from '../../src/core/manifest.ts';
import type { MediaPart } from '../../src/core/media.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { judgeExpectation } from '../../src/scoring/content.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { renderMessages, textsOfMessage } from '../../src/variants/render.ts';
import { manifest, VARIANT } from '../rig/manifests.ts';

const PART: MediaPart = {
  ...{ type: 'image', file: 'a.png', media_type: 'image/png', sha256: 'a'.repeat(64), bytes: 9 },
  ...{ width: 4, height: 3 },
};

const user = (...content: readonly object[]): readonly ChatMessage[] => [
  { role: 'user', content: content as never },
];

function keyOf(of: Manifest): string {
  const { variant, engine, scenarios } = fingerprint(of)[0]!;
  return sampleKey({ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest }, 1);
}

const CODE = { kind: 'module', file: 'a.ts', code: { files: [], packages: [] } } as const;

describe.each([
  ['a model that is asked', {}],
  ['own code that is handed it', { harness: CODE }],
])('the key of %s', (_, variant) => {
  const of = (input: readonly ChatMessage[]): string => keyOf(manifest({ variant, scenario: { input } }));
  const base = of(user(PART, { type: 'text', text: 'x' }));

  it('moves with the bytes and with the kind of a file', () => {
    const others = [
      ...[
        { ...PART, sha256: 'b'.repeat(64) },
        { ...PART, media_type: 'image/gif' },
      ],
      ...[{ ...PART, type: 'pdf', media_type: 'application/pdf' }],
    ].map((part) => of(user(part, { type: 'text', text: 'x' })));
    expect(new Set([base, ...others]).size).toBe(4);
  });

  it('stays where a file is renamed', () => {
    const renamed = user({ ...PART, file: 'deep/b.png' }, { type: 'text', text: 'x' });
    expect(of(renamed)).toBe(base);
  });

  it('moves with the order of the parts', () => {
    expect(of(user({ type: 'text', text: 'x' }, PART))).not.toBe(base);
  });
});

it('counts a file of a template by content as well', () => {
  const of = (part: object): string =>
    keyOf(manifest({ variant: { template: user(part, { type: 'text', text: '{{input}}' }) } }));
  expect(of({ ...PART, file: 'other.png' })).toBe(of(PART));
  expect(of({ ...PART, sha256: 'c'.repeat(64) })).not.toBe(of(PART));
});

it('judges the same answer once, whatever the file is called', () => {
  const scorer = { prompt: '{{input}}', system: null } as never;
  const of = (part: object): string =>
    judgeExpectation(scorer, {
      scenario: { id: 'a', input: user(part), category: null, vars: {}, expect: null } as never,
      ...{ rubric: '', ending: null },
    }).digest;
  expect(of({ ...PART, file: 'other.png' })).toBe(of(PART));
  expect(of({ ...PART, sha256: 'c'.repeat(64) })).not.toBe(of(PART));
});

describe('a template', () => {
  const [scenario] = manifest({
    scenario: { input: user(PART, { type: 'text', text: 'it' }, PART) },
  }).scenarios;
  const render = (template: string, input = scenario!.input) =>
    renderMessages({ variant: { ...VARIANT, system: null, template }, scenario: { ...scenario!, input } });

  it('is put around the text, and files stay where they are', () => {
    expect(render('What is {{input}}?')).toEqual(user(PART, { type: 'text', text: 'What is it?' }, PART));
  });

  it('stands behind files that come without a text', () => {
    expect(render('What is this? {{input}}', user(PART, PART))).toEqual(
      user(PART, PART, { type: 'text', text: 'What is this? ' }),
    );
    expect(render('{{input}}', user(PART))).toEqual(user(PART));
  });

  it('of messages is filled but for the names of its files', () => {
    const odd = { ...PART, file: '{{input}}.png' };
    const template = user(odd, { type: 'text', text: 'About {{input}}' });
    expect(textsOfMessage(template[0]!)).toEqual(['text', 'About {{input}}']);
    const messages = renderMessages({
      variant: { ...VARIANT, system: null, template },
      scenario: { ...scenario!, input: 'trees' },
    });
    expect(messages).toEqual(user(odd, { type: 'text', text: 'About trees' }));
  });
});
