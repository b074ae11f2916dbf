// A zip file made by hand, so that a test can say what no packer would: lying sizes, methods of its choice.
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';

export type Member = {
  readonly name: string;
  readonly text: string;
  readonly method?: 'stored' | 'deflate' | 'zstd';
  /** What the headers say of its unpacked size; default: the truth. */
  readonly claims?: number;
};

const METHODS = { stored: 0, deflate: 8, zstd: 93 } as const;

export function zipOf(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text, method = 'deflate', claims } of members) {
    const bytes = Buffer.from(text);
    const packed =
      method === 'stored' ? bytes : method === 'deflate' ? deflateRawSync(bytes) : zstdCompressSync(bytes);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(63, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(METHODS[method], 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims ?? bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([63, 0]), common, rest, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
