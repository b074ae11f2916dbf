import { expect, it } from 'vitest';
import type { LoadedMedia } from '../../src/core/media.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import { chatBody } from '../../src/providers/openai-chat.ts';
import { responsesBody } from '../../src/providers/openai-responses.ts';

const SHA = 'a'.repeat(64);
const IMAGE: LoadedMedia = {
  ...{
    type: 'image',
    file: 'secret-arm/a.png',
    media_type: 'image/png',
    sha256: SHA,
    bytes: 3,
    data: 'QUJD',
  },
};
const PDF: LoadedMedia = { ...IMAGE, type: 'pdf', file: 'secret-arm/b.pdf', media_type: 'application/pdf' };
const WAV: LoadedMedia = { ...IMAGE, type: 'audio', file: 'secret-arm/c.wav', media_type: 'audio/wav' };
const MP3: LoadedMedia = { ...WAV, media_type: 'audio/mpeg' };
const THEIRS = { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } };

const asking = (...content: readonly object[]): ModelRequest => ({
  ...{ model: 'm', tools: [], temperature: null, maxOutputTokens: null, seed: null, params: {} },
  messages: [{ role: 'user', content: content as never }],
});

it('sends files to chat completions as the API has them, and parts of a wire as they are', () => {
  const { messages } = chatBody(
    asking(IMAGE, PDF, WAV, MP3, THEIRS, { type: 'text', text: 'x' }),
    'max_tokens',
  );
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
        { type: 'file', file: { filename: 'file.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
        { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
        { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
        THEIRS,
        { type: 'text', text: 'x' },
      ],
    },
  ]);
});

it('sends them to the responses API in its own forms', () => {
  const { input } = responsesBody(asking(IMAGE, PDF, { type: 'text', text: 'x' }));
  expect(input).toEqual([
    {
      role: 'user',
      content: [
        { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' },
        { type: 'input_file', filename: 'file.pdf', file_data: 'data:application/pdf;base64,QUJD' },
        { type: 'input_text', text: 'x' },
      ],
    },
  ]);
});

it('tells no server what a file is called', () => {
  const bodies = [chatBody(asking(IMAGE, PDF, WAV), 'max_tokens'), responsesBody(asking(IMAGE, PDF))];
  expect(JSON.stringify(bodies)).not.toMatch(/secret-arm|aaaa/);
});

it('sends nothing in the place of a file whose bytes nobody loaded', () => {
  const { data: _, ...unloaded } = IMAGE;
  expect(() => chatBody(asking(unloaded), 'max_tokens')).toThrow('without its bytes');
});
