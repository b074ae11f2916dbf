// The floor of a null run in bare Node: read the scenarios, hash every task's key, load the index, look every key up.
// Usage: node floor-null.mjs SCENARIOS.jsonl INDEX.db VARIANTS RUNS
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const [scenarioFile, indexFile, variants, runs] = process.argv.slice(2);
const digests = readFileSync(scenarioFile, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => hash('sha256', JSON.stringify(JSON.parse(line).input), 'hex'));
const heads = new Map();
const statement = new DatabaseSync(indexFile, { readOnly: true }).prepare(
  'SELECT key, id, completed FROM key_heads',
);
statement.setReturnArrays(true);
for (const row of statement.iterate()) heads.set(row[0], row);
let looked = 0;
for (let variant = 0; variant < Number(variants); variant++) {
  for (let run = 1; run <= Number(runs); run++) {
    for (const digest of digests) {
      const key = hash('sha256', `{"run":${run},"scenario":"${digest}","variant":"${variant}"}`, 'hex');
      looked += heads.has(key) ? 0 : 1;
    }
  }
}
console.log(`${looked} keys looked up in ${heads.size} heads`);
