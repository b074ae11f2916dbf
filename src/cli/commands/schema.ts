// expgraph schema: the JSON Schemas as the validator uses them.
import { readFileSync } from 'node:fs';
import type { Io } from '../io.ts';

export function schemaCommand(io: Io, name: string): number {
  io.out.write(readFileSync(new URL(`../../../schema/${name}.schema.json`, import.meta.url), 'utf8'));
  return 0;
}
