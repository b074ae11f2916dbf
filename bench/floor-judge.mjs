// The floor of judging in bare Node: read the answers, look for the word, append a sealed verdict for each, sync each group.
// Usage: node floor-judge.mjs HISTORY-FOLDER OUT-FILE WORD
import { hash } from 'node:crypto';
import { createReadStream, fdatasyncSync, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const [history, out, word] = process.argv.slice(2);
const GROUP = 2_000;
const names = readdirSync(history, { recursive: true, encoding: 'utf8' });
const file = openSync(out, 'a');
let group = '';
let count = 0;
for (const name of names.filter((one) => /_run\d+\.jsonl$/.test(one)).sort()) {
  for await (const line of createInterface({ input: createReadStream(path.join(history, name)) })) {
    const record = JSON.parse(line);
    if (record.type !== 'scenario_result') continue;
    const passed = record.output.text.toLowerCase().includes(word);
    const { key, variant, scenario, run, output_digest } = record;
    const score = {
      type: 'score',
      key,
      variant,
      scenario,
      run,
      output_digest,
      score: Number(passed),
      passed,
    };
    const body = JSON.stringify(score).slice(0, -1);
    group += `${body},"c":"${hash('sha256', body, 'hex').slice(0, 32)}"}\n`;
    if (++count % GROUP > 0) continue;
    writeSync(file, group);
    fdatasyncSync(file);
    group = '';
  }
}
writeSync(file, group);
fdatasyncSync(file);
console.log(`${count} judged`);
