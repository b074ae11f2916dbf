// A small experiment whose work own code or a program does, in a folder of its own.
import path from 'node:path';
import { cli } from './cli.ts';
import { filesBelow, jsonLines, writeFiles } from './files.ts';
import { type Ended, program } from './program.ts';
import { tempFolder } from './temp.ts';

export type HarnessRun = {
  readonly folder: string;
  run(...args: string[]): Promise<Ended>;
  /** Newest records, by scenario. */
  records(variant: string, run?: number): Record<string, Any>;
};

// biome-ignore lint/suspicious/noExplicitAny: records are looked at piece by piece
type Any = any;

export function harnessRun(of: {
  /** Of the manifest, besides version, name and scenarios. */
  readonly manifest: string;
  readonly scenarios?: readonly string[];
  readonly files?: { readonly [name: string]: string };
  readonly env?: { readonly [name: string]: string };
  /** Each command in a process of its own: where what a process remembers would hide what it reads. */
  readonly isApart?: boolean;
}): HarnessRun {
  const folder = tempFolder();
  const ids = of.scenarios ?? ['one', 'two', 'three'];
  writeFiles(folder, {
    'experiment.yaml': `version: 1\nname: made\nscenarios: [scenarios.yaml]\n${of.manifest}\n`,
    'scenarios.yaml': ids
      .map((id) => `- { id: ${id}, input: "do ${id}", expect: secret, vars: { n: 1 } }\n`)
      .join(''),
    ...of.files,
  });
  return {
    folder,
    run: (...args) => (of.isApart ? program : cli)(args, { cwd: folder, ...(of.env ? { env: of.env } : {}) }),
    records(variant, run = 1) {
      const name = `runs/${variant}_run${run}.jsonl`;
      const file = filesBelow(folder).find((one) => one.endsWith(name));
      if (!file) return {};
      const lines = jsonLines(path.join(folder, file)) as Any[];
      return Object.fromEntries(
        lines.filter(({ type }) => type === 'scenario_result').map((line) => [line.scenario, line]),
      );
    },
  };
}
