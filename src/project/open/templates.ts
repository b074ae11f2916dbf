// What `init` writes: the files of a template by the paths that they get, as they lie in the package.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** In the order in which they are told of, with what each is for. */
export const TEMPLATES = {
  prompt: 'prompts x models over cases in a CSV, scored by contains and a judge',
  tools: 'two sets of tools for the same tasks: the sample, with README and CI',
  agent: 'own code in TypeScript with a tool loop, against one plain call',
  command: 'a program of any language (here Python), against one plain call',
  dataset: 'a benchmark: questions and targets in JSONL, for rules and a model',
} as const;

export type TemplateName = keyof typeof TEMPLATES;

export type TemplateFiles = ReadonlyMap<string, string>;

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}

export function templateFiles(name: TemplateName): TemplateFiles {
  return new Map([
    ...(name === 'tools' ? sampleFiles() : []),
    ...filesBelow(path.join(PACKAGE, 'templates', name)),
    ...filesBelow(path.join(PACKAGE, 'templates/common')).map(
      ([file, text]) => [COMMON[file] ?? file, text] as const,
    ),
  ]);
}

/** npm leaves a .gitignore out of a package. */
const COMMON: { readonly [file: string]: string } = {
  gitignore: '.gitignore',
  'workflow.yml': '.github/workflows/expgraph.yml',
};

/** The sample of the repository, as it is in a folder of its own. */
export function sampleFiles(): TemplateFiles {
  const read = (name: string): string => readFileSync(path.join(PACKAGE, name), 'utf8');
  const manifest = read('experiment.yaml')
    .replaceAll('./src/variants/samples/', './tools/')
    .replace('$schema=./schema/', `$schema=${SCHEMA}`);
  const answers = 'sim-answers.yaml';
  const files = new Map([
    ['experiment.yaml', manifest],
    [answers, read(answers)],
  ]);
  for (const [from, to] of [
    ['scenarios', 'scenarios'],
    ['src/variants/samples', 'tools'],
  ] as const) {
    const names = readdirSync(path.join(PACKAGE, from)).filter((name) => name.endsWith('.yaml'));
    for (const name of names.sort()) files.set(`${to}/${name}`, read(`${from}/${name}`));
  }
  return files;
}

/** Where editors find the schema: below the project, until `init` knows where the package is. */
export const SCHEMA = './node_modules/expgraph/schema/';

function filesBelow(folder: string): readonly (readonly [string, string])[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  // The manifest first: it is what is opened.
  const order = (name: string): string => (name === 'experiment.yaml' ? '' : name);
  return names
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const);
}
