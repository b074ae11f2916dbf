// A screenshot with a palette: pages have few colours, and a file of a third of the size is one that a package can carry.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Letters look as they did, and a file is a fifth smaller than with 256. */
const COLORS = 64;

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

/** @param png 8 bits a channel, with or without alpha, as Chromium writes it */
export function withPalette(png: Uint8Array): Buffer {
  const picture = decode(Buffer.from(png));
  const { palette, indices } = quantize(picture);
  return encode(picture, palette, indices);
}

function decode(png: Buffer): Picture {
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === 'IHDR')!.data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[head[9]!];
  if (head[8] !== 8 || channels === undefined || head[12] !== 0)
    throw new Error('a PNG of another kind than screenshots are');
  const data = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)),
  );
  const stride = width * channels;
  const lines = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : lines[at - channels]!;
      const up = y === 0 ? 0 : lines[at - stride]!;
      const corner = x < channels || y === 0 ? 0 : lines[at - stride - channels]!;
      lines[at] = data[y * (stride + 1) + 1 + x]! + predicted(filter, { left, up, corner });
    }
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      rgb[pixel * 3 + channel] = lines[pixel * channels + channel]!;
  return { width, height, rgb };
}

/** https://www.w3.org/TR/png-3/#9Filters */
function predicted(
  filter: number,
  { left, up, corner }: { readonly left: number; readonly up: number; readonly corner: number },
): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The edges of letters become the nearest of the colours that are kept. */
function quantize({ rgb }: Picture): { readonly palette: readonly number[]; readonly indices: Uint8Array } {
  const counts = new Map<number, number>();
  const colors = new Uint32Array(rgb.length / 3);
  for (let pixel = 0; pixel < colors.length; pixel++) {
    const color = (rgb[pixel * 3]! << 16) | (rgb[pixel * 3 + 1]! << 8) | rgb[pixel * 3 + 2]!;
    colors[pixel] = color;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  const areas = byCount.filter(([, count]) => count > colors.length / 1000).slice(0, COLORS / 2);
  const palette = spread(areas, byCount);
  const index = new Map(palette.map((color, at) => [color, at]));
  const indices = Uint8Array.from(colors, (color) => {
    const at = index.get(color) ?? nearest(palette, color).at;
    index.set(color, at);
    return at;
  });
  return { palette, indices };
}

type Counted = readonly (readonly [color: number, count: number])[];

/** Areas as they are, and of the rest at most so many, no two of them nearer to each other than has to be. */
function spread(areas: Counted, all: Counted): readonly number[] {
  for (let apart = 4; ; apart += 4) {
    const palette = areas.map(([color]) => color);
    for (const [color] of all) {
      if (palette.length > COLORS) break;
      if (palette.length === 0 || nearest(palette, color).distance > apart ** 2) palette.push(color);
    }
    if (palette.length <= COLORS) return palette;
  }
}

function nearest(
  palette: readonly number[],
  color: number,
): { readonly at: number; readonly distance: number } {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, one] of palette.entries()) {
    const distance =
      ((one >> 16) - (color >> 16)) ** 2 +
      (((one >> 8) & 255) - ((color >> 8) & 255)) ** 2 +
      ((one & 255) - (color & 255)) ** 2;
    if (distance < least) [best, least] = [at, distance];
  }
  return { at: best, distance: least };
}

function encode({ width, height }: Picture, palette: readonly number[], indices: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    lines.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const colors = Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

type Chunk = { readonly type: string; readonly data: Buffer };

function chunksOf(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
