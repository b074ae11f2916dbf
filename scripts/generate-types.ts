// Writes src/core/generated/*.ts from schema/*.schema.json: the schema is the one truth, the types follow.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFromFile } from 'json-schema-to-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? `${root}src/core/generated`;

mkdirSync(target, { recursive: true });
for (const name of ['experiment', 'scenario', 'record', 'review']) {
  const code = await compileFromFile(`${root}schema/${name}.schema.json`, {
    bannerComment: `// Generated from schema/${name}.schema.json by \`npm run generate\`. Do not edit.`,
    additionalProperties: true,
    unknownAny: true,
    format: false,
    unreachableDefinitions: true,
    maxItems: -1,
  });
  writeFileSync(`${target}/${name}.ts`, code);
}
