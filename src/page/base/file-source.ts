// Screens that are inside of the file: gzip in base64, as `project/report` and `project/review` put them there.
import { DATA_ID, type Inside } from '../../screens/inside.ts';
import { insideAnswers } from '../../screens/inside-answers.ts';
import type { Answer, ScreenName } from '../../screens/screen.ts';
import { signal } from './preact.ts';
import type { Connection, Source } from './source.ts';

export async function readInside(): Promise<Inside | null> {
  const element = document.getElementById(DATA_ID);
  if (element === null) return null;
  const bytes = bytesOf((element.textContent ?? '').trim());
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as Inside;
}

export function fileSource(inside: Inside): Source {
  const { holds, answer } = insideAnswers(inside);
  return {
    kind: 'file',
    connection: signal<Connection>('open'),
    holds,
    get: async <Name extends ScreenName>(name: Name, query: URLSearchParams): Promise<Answer<Name>> =>
      answer(name, query),
    file: async (sha256) => {
      const held = inside.files?.[sha256];
      return held === undefined ? null : new Blob([bytesOf(held.data)], { type: held.type });
    },
    onChange: () => () => {},
    saveVerdict: async () => ({ ok: false, message: 'this file keeps no verdicts' }),
    revealTools: async () => ({ ok: false, message: 'this file does not hold the names' }),
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
