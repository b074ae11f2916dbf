// ninja with so many edges and nothing to do: every output is there, newer than its input, and stands in ninja's log.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @returns runs it once and tells the milliseconds; null = there is no ninja */
export async function makeNinja(folder: string, edges: number): Promise<(() => Promise<number>) | null> {
  const outputs = Array.from({ length: edges }, (_, i) => `out/${i % 100}/${i}`);
  for (let i = 0; i < 100; i++) mkdirSync(path.join(folder, `out/${i}`), { recursive: true });
  writeFileSync(path.join(folder, 'in'), '');
  for (const output of outputs) writeFileSync(path.join(folder, output), '');
  const written = `${Date.now() + 1000}000000`;
  const log = outputs.map(
    (output) => `0\t1\t${written}\t${output}\t${murmur64(`touch ${output}`).toString(16)}\n`,
  );
  writeFileSync(path.join(folder, '.ninja_log'), `# ninja log v5\n${log.join('')}`);
  writeManifest(folder, outputs, '');
  try {
    // A version that keeps its log in another form passes ours over: then no edge asks for it, which is less work for ninja.
    if (!(await ninja(folder, '-n')).includes(NOTHING)) {
      writeManifest(folder, outputs, '  generator = 1\n');
      if (!(await ninja(folder, '-n')).includes(NOTHING)) return null;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
  return async () => {
    const started = performance.now();
    const said = await ninja(folder);
    const took = performance.now() - started;
    if (!said.includes(NOTHING)) throw new Error(`ninja has something to do: ${said}`);
    return took;
  };
}

const NOTHING = 'no work to do';

function writeManifest(folder: string, outputs: readonly string[], more: string): void {
  const edges = outputs.map((output) => `build ${output}: touch in\n`);
  writeFileSync(
    path.join(folder, 'build.ninja'),
    `rule touch\n  command = touch $out\n${more}\n${edges.join('')}`,
  );
}

function ninja(folder: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ninja', ['-C', folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-1000);
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`ninja ended with ${code}`))));
  });
}

const WHOLE = (1n << 64n) - 1n;
const FACTOR = 0xc6a4a7935bd1e995n;

/** As ninja's log of version 5 has commands: MurmurHash64A (A. Appleby, public domain), seed 0xDECAFBADDECAFBAD. */
function murmur64(text: string): bigint {
  const bytes = Buffer.from(text);
  const times = (value: bigint): bigint => (value * FACTOR) & WHOLE;
  let hash = (0xdecafbaddecafbadn ^ times(BigInt(bytes.length))) & WHOLE;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    let word = times(bytes.readBigUInt64LE(at));
    word = times(word ^ (word >> 47n));
    hash = times(hash ^ word);
  }
  if (at < bytes.length) {
    let rest = 0n;
    for (let i = bytes.length - 1; i >= at; i--) rest = (rest << 8n) | BigInt(bytes[i]!);
    hash = times(hash ^ rest);
  }
  hash = times(hash ^ (hash >> 47n));
  return hash ^ (hash >> 47n);
}
