// Files that messages show, as small as they can be: true by their bytes, whatever they are called.
import { deflateSync } from 'node:zlib';

/** A PNG of one colour. */
export function png(
  width: number,
  height: number,
  colour: readonly [number, number, number] = [200, 30, 30],
): Buffer {
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG as far as its size: a preview of a camera before it, where `preview` says how long it is. */
export function jpegHead(width: number, height: number, preview = 0): Buffer {
  const size = Buffer.from([0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3]);
  const rest = preview === 0 ? [] : [Buffer.from([0xff, 0xe1, (preview + 2) >> 8, (preview + 2) & 255])];
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...rest, Buffer.alloc(preview), size, Buffer.alloc(16)]);
}

export const GIF: Buffer = Buffer.from('GIF89a\x03\x00\x02\x00\x00\x00\x00;', 'latin1');

export function webpHead(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WEBPVP8X', 8, 'latin1');
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes;
}

export const PDF: Buffer = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

/** A tenth of a second of silence. */
export function wav(): Buffer {
  const sound = Buffer.alloc(1_600);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + sound.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(sound.length, 40);
  return Buffer.concat([head, sound]);
}

export const MP3: Buffer = Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00', 'latin1');

export const SVG: string =
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="owned()"><script>owned()</script></svg>';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
