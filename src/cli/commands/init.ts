// expgraph init: a working experiment in a folder, the same as the repository's own sample.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../exit.ts';
import type { Io } from '../io.ts';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** Writes nothing if any of its files is there already. */
export function initCommand(io: Io, folder: string, mode: 'write' | 'dry-run' = 'write'): number {
  const target = path.resolve(io.cwd, folder);
  const files = sampleFiles();
  const taken = [...files.keys()].filter((name) => existsSync(path.join(target, name)));
  if (taken.length > 0) {
    throw new CommandError(
      `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; name another folder: expgraph init my-experiment`,
    );
  }
  if (mode === 'dry-run') {
    io.out.write(`${[...files.keys()].map((name) => `  would write ${name}`).join('\n')}\n`);
    return 0;
  }
  for (const [name, text] of files) {
    const file = path.join(target, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
  const cd = target === io.cwd ? '' : `cd ${path.relative(io.cwd, target) || target} && `;
  io.out.write(`${[...files.keys()].map((name) => `  wrote ${name}`).join('\n')}\n`);
  io.out.write(`\nTry it: ${cd}npx expgraph run\n`);
  io.out.write(
    'It runs on a simulation, which is no model: change `provider:` in experiment.yaml to ask a real one.\n',
  );
  return 0;
}

function sampleFiles(): Map<string, string> {
  const read = (name: string): string => readFileSync(path.join(PACKAGE, name), 'utf8');
  const manifest = read('experiment.yaml')
    .replaceAll('./src/variants/samples/', './tools/')
    .replace('$schema=./schema/', '$schema=./node_modules/expgraph/schema/');
  const files = new Map([['experiment.yaml', manifest]]);
  for (const [from, to] of [
    ['scenarios', 'scenarios'],
    ['src/variants/samples', 'tools'],
  ] as const) {
    const names = readdirSync(path.join(PACKAGE, from)).filter((name) => name.endsWith('.yaml'));
    for (const name of names.sort()) files.set(`${to}/${name}`, read(`${from}/${name}`));
  }
  return files;
}
