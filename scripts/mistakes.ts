// Writes tests/walks/mistakes.txt from what the program prints for each typical mistake: `npm run mistakes`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sectionsIn } from '../tests/walks/mistake.ts';
import { allSections } from '../tests/walks/mistakes.ts';

const target = fileURLToPath(new URL('../tests/walks/mistakes.txt', import.meta.url));
writeFileSync(target, await allSections(sectionsIn(existsSync(target) ? readFileSync(target, 'utf8') : '')));
