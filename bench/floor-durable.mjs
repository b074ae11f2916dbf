// The floor of durable results in bare Node: lines of the same size are made, hashed, appended and synced, a group at a time.
// Usage: node floor-durable.mjs FOLDER RESULTS GROUP LINE-BYTES
import { hash } from 'node:crypto';
import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const [folder, results, group, bytes] = process.argv.slice(2);
const synced = promisify(fdatasync);
const text = 'a plausible answer of some length. '.repeat(Math.ceil(Number(bytes) / 35));
const file = openSync(path.join(folder, 'floor.jsonl'), 'a');
const startMs = performance.now();
for (let from = 0; from < Number(results); from += Number(group)) {
  let lines = '';
  for (let n = from; n < Math.min(Number(results), from + Number(group)); n++) {
    const body = JSON.stringify({ n, text: text.slice(0, Number(bytes) - 60) }).slice(0, -1);
    lines += `${body},"c":"${hash('sha256', body, 'hex').slice(0, 32)}"}\n`;
  }
  writeSync(file, lines);
  await synced(file);
}
console.log(JSON.stringify({ ms: performance.now() - startMs }));
closeSync(file);
