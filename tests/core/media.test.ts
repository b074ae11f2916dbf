import { describe, expect, it } from 'vitest';
import { isMediaPart, keyedInput, type MediaPart, mediaRefs, mediaWords } from '../../src/core/media.ts';
import { otherWords, pictureSize, sniffMedia } from '../../src/core/media-bytes.ts';
import { mediaTokens, mediaTokensAtMost } from '../../src/core/media-tokens.ts';
import { takenKinds } from '../../src/core/media-wires.ts';
import { GIF, jpegHead, MP3, PDF, png, SVG, wav, webpHead } from '../rig/media.ts';

const PART: MediaPart = {
  ...{ type: 'image', file: 'img/a.png', media_type: 'image/png', sha256: 'a'.repeat(64), bytes: 12_345 },
  ...{ width: 640, height: 480 },
};

describe('what a file is', () => {
  it('is told by its own bytes', () => {
    const kinds = [png(2, 3), jpegHead(2, 3), GIF, webpHead(2, 3), PDF, wav(), MP3].map(
      (bytes) => sniffMedia(bytes)?.mediaType,
    );
    expect(kinds).toEqual([
      ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'audio/wav', 'audio/mpeg'],
    ]);
    expect(sniffMedia(Buffer.from([0xff, 0xfb, 0x90, 0x64]))?.mediaType).toBe('audio/mpeg');
  });

  it('is nothing of ours where it is another thing, or cut off in its sign', () => {
    const others = [SVG, '<!doctype html><p>', 'GIF8', '\x89PNG', 'RIFF1234AVI ', ' %PDF-1.4', '', 'BM'];
    expect(others.map((text) => sniffMedia(Buffer.from(text, 'latin1')))).toEqual(others.map(() => null));
    expect(sniffMedia(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toBeNull();
  });

  it('is said where it is something that people take for one', () => {
    const said = [SVG, '<!DOCTYPE html>', 'BM..', '....ftypheic', 'OggS', 'PK\x03\x04', 'hello', '\x00\x01'];
    expect(said.map((text) => otherWords(Buffer.from(text, 'latin1'))?.split(/[,:(]/)[0]?.trim())).toEqual([
      ...[
        'is an SVG',
        'is a web page',
        'begins like a BMP',
        'begins like a HEIC picture',
        'begins like an Ogg',
      ],
      ...['begins like a ZIP', 'is text', undefined],
    ]);
  });

  it('has a size where it is a picture, also behind the preview of a camera', () => {
    const sizes = [png(640, 480), jpegHead(4000, 3000), jpegHead(7, 9, 60_000), GIF, webpHead(70_000, 2)];
    expect(sizes.map(pictureSize)).toEqual([
      ...[
        { width: 640, height: 480 },
        { width: 4000, height: 3000 },
        { width: 7, height: 9 },
      ],
      ...[
        { width: 3, height: 2 },
        { width: 70_000, height: 2 },
      ],
    ]);
  });

  it('has none where its head ends before, or says nonsense', () => {
    const heads = [png(2, 2).subarray(0, 20), jpegHead(2, 3).subarray(0, 6), jpegHead(0, 3), PDF, wav()];
    expect(heads.map(pictureSize)).toEqual(heads.map(() => null));
  });
});

describe('a part with a file', () => {
  it('counts by what it is and never by its name, in the order of canonical JSON', () => {
    const input = [{ role: 'user' as const, content: [PART, { type: 'text', text: 'What?' }] }];
    expect(JSON.stringify(keyedInput(input))).toBe(
      `[{"role":"user","content":[{"media_type":"image/png","sha256":"${PART.sha256}","type":"image"},{"type":"text","text":"What?"}]}]`,
    );
    const text = [{ role: 'user' as const, content: 'What?' }];
    expect(keyedInput(text)).toBe(text);
    expect(keyedInput('What?')).toBe('What?');
  });

  it('is no part of a wire of its own, and nothing that only looks like one', () => {
    expect(isMediaPart({ ...PART })).toBe(true);
    const others = [
      ...[
        { type: 'image', source: { type: 'base64' } },
        { ...PART, sha256: '../../etc/passwd' },
        'text',
        null,
      ],
      ...[
        { ...PART, type: 'svg' },
        { ...PART, file: undefined },
        { ...PART, bytes: '1' },
      ],
    ];
    expect(others.map((part) => isMediaPart(part))).toEqual(others.map(() => false));
  });

  it('is one line for people', () => {
    expect(mediaWords(PART)).toBe('image img/a.png 640x480 12 kB');
    expect(mediaWords({ ...PART, file: '', type: 'pdf', width: undefined as never, bytes: 2_340_000 })).toBe(
      'pdf 2.3 MB',
    );
  });

  it('is named by a record once, where it was asked with', () => {
    const asked = [{ content: [PART, { ...PART, file: 'twin.png' }] }];
    expect(mediaRefs(asked, asked)).toEqual({ media: [{ sha256: PART.sha256, bytes: 12_345 }] });
    expect(mediaRefs(asked, [{ content: 'text' }])).toEqual({});
    expect(mediaRefs([{ content: [{ ...PART, sha256: 'b'.repeat(64) }] }], asked)).toEqual({});
  });
});

describe('tokens of a file', () => {
  it('are counted by the rules of the vendors for pictures, and unknown for all else', () => {
    const count = (width: number, height: number): readonly (number | null)[] =>
      (['openai', 'anthropic', 'google'] as const).map((rule) =>
        mediaTokens({ ...PART, width, height }, rule),
      );
    expect(count(1024, 1024)).toEqual([765, 1399, 1032]);
    expect(count(2048, 4096)).toEqual([1105, 1600, 4644]);
    expect(count(100, 100)).toEqual([255, 14, 258]);
    expect(mediaTokens({ ...PART, type: 'pdf' }, 'openai')).toBeNull();
    const { width: _w, height: _h, ...sizeless } = PART;
    expect(mediaTokens(sizeless, 'anthropic')).toBeNull();
  });

  it('are never nothing for a budget', () => {
    const most = (['image', 'pdf', 'audio'] as const).map((type) =>
      mediaTokensAtMost({ ...PART, type, bytes: 1_000_000 }),
    );
    expect(most).toEqual([2_000, 750_000, 8_000]);
  });
});

it('knows which kinds a wire has a place for', () => {
  expect(takenKinds({ type: 'openai', api: 'chat' })).toContain('audio');
  expect(takenKinds({ type: 'openai', api: 'responses' })).not.toContain('audio');
  expect(takenKinds({ type: 'anthropic', api: 'chat' })).toEqual(['image', 'pdf']);
  expect(takenKinds({ type: 'ai-sdk', api: 'chat' })).toBeNull();
});
