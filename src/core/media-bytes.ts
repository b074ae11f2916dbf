// What a file of a message is by its own bytes, whatever its name says, and how large a picture is. Pure.
import type { MediaKind } from './media.ts';

export type Sniffed = {
  readonly kind: MediaKind;
  /** IANA. */
  readonly mediaType: string;
  /** For sentences: "a PDF". */
  readonly name: string;
};

/** So many bytes tell all that is asked here of nearly every file: cameras put a preview before the size of a JPEG. */
export const HEAD_BYTES = 256 * 1024;

/** By its beginning; null = it is none of the kinds that a model is sent. */
export function sniffMedia(head: Uint8Array): Sniffed | null {
  const found = SIGNS.find(({ signs }) => signs.every(([at, text]) => hasText(head, { at, text })));
  if (found !== undefined) return found.is;
  return isMpegFrame(head) ? MP3 : null;
}

/** What a file that is none of them looks like, to be read after "the file"; null = nothing that is known. */
export function otherWords(head: Uint8Array): string | null {
  const text = textOf(head, { from: 0, to: 300 }).trimStart().toLowerCase();
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(text))
    return 'is an SVG, which is a program for a browser and which no model takes';
  if (/^(?:<!doctype html|<html)/.test(text)) return 'is a web page';
  const other = OTHERS.find(([at, sign]) => hasText(head, { at, text: sign }));
  if (other !== undefined) return `begins like ${other[2]}`;
  return text !== '' && /^[\x09\x0a\x0d\x20-\x7e]+$/.test(text) ? 'is text' : null;
}

/** In pixels; null = its head does not say it here. */
export function pictureSize(head: Uint8Array): { readonly width: number; readonly height: number } | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    const size = sizeIn(head, view);
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    // The head ends before its size does.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const MP3: Sniffed = { kind: 'audio', mediaType: 'audio/mpeg', name: 'an MP3' };

type Sign = readonly [at: number, text: string];

/** https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern; a PDF of which something stands before its sign is none. */
const SIGNS: readonly { readonly signs: readonly Sign[]; readonly is: Sniffed }[] = [
  { signs: [[0, '\x89PNG\r\n\x1a\n']], is: { kind: 'image', mediaType: 'image/png', name: 'a PNG' } },
  { signs: [[0, '\xff\xd8\xff']], is: { kind: 'image', mediaType: 'image/jpeg', name: 'a JPEG' } },
  { signs: [[0, 'GIF87a']], is: { kind: 'image', mediaType: 'image/gif', name: 'a GIF' } },
  { signs: [[0, 'GIF89a']], is: { kind: 'image', mediaType: 'image/gif', name: 'a GIF' } },
  {
    signs: [
      [0, 'RIFF'],
      [8, 'WEBPVP'],
    ],
    is: { kind: 'image', mediaType: 'image/webp', name: 'a WebP' },
  },
  { signs: [[0, '%PDF-']], is: { kind: 'pdf', mediaType: 'application/pdf', name: 'a PDF' } },
  {
    signs: [
      [0, 'RIFF'],
      [8, 'WAVE'],
    ],
    is: { kind: 'audio', mediaType: 'audio/wav', name: 'a WAV' },
  },
  { signs: [[0, 'ID3']], is: MP3 },
];

const OTHERS: readonly (readonly [number, string, string])[] = [
  [0, 'BM', 'a BMP'],
  [0, 'II*\0', 'a TIFF'],
  [0, 'MM\0*', 'a TIFF'],
  [4, 'ftypheic', 'a HEIC picture: save it as JPEG or PNG'],
  [4, 'ftypavif', 'an AVIF picture: save it as JPEG or PNG'],
  [4, 'ftyp', 'an MP4: of sounds there are WAV and MP3'],
  [0, 'OggS', 'an Ogg: of sounds there are WAV and MP3'],
  [0, 'fLaC', 'a FLAC: of sounds there are WAV and MP3'],
  [0, 'PK\x03\x04', 'a ZIP (or a document of an office program: save it as PDF)'],
  [0, '\x1f\x8b', 'a gzip'],
  [0, 'version https://git-lfs', 'a pointer of Git LFS: git lfs pull'],
];

function hasText(bytes: Uint8Array, { at, text }: { readonly at: number; readonly text: string }): boolean {
  if (bytes.length < at + text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** An MP3 without a tag: eleven bits of sync, layer III, a bit rate and a sampling rate that exist. */
function isMpegFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  const isSynced = first === 0xff && (second & 0xe0) === 0xe0;
  const isLayer3 = (second & 0x06) === 0x02 && (second & 0x18) !== 0x08;
  return isSynced && isLayer3 && (third & 0xf0) !== 0xf0 && (third & 0xf0) !== 0 && (third & 0x0c) !== 0x0c;
}

function sizeIn(
  head: Uint8Array,
  view: DataView,
): { readonly width: number; readonly height: number } | null {
  switch (sniffMedia(head)?.mediaType) {
    case 'image/png':
      return { width: view.getUint32(16), height: view.getUint32(20) };
    case 'image/gif':
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case 'image/webp':
      return webpSize(head, view);
    case 'image/jpeg':
      return jpegSize(view);
    default:
      return null;
  }
}

function webpSize(
  head: Uint8Array,
  view: DataView,
): { readonly width: number; readonly height: number } | null {
  switch (textOf(head, { from: 12, to: 16 })) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X': {
      const three = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
      return { width: three(24) + 1, height: three(27) + 1 };
    }
    default:
      return null;
  }
}

/** The size stands in the frame header, behind segments that each say how long they are. */
function jpegSize(view: DataView): { readonly width: number; readonly height: number } | null {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + view.getUint16(at + 2);
  }
}

function textOf(bytes: Uint8Array, { from, to }: { readonly from: number; readonly to: number }): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
