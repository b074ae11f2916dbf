// Answers that were cut off, judged by the real program: the key of a judgement holds what its question says of the end.
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

it('a judge whose question says how an answer ended has that in its key, and is asked once', async () => {
  const folder = tempFolder();
  const judge = (name: string, more: string): string =>
    `  - { name: ${name}, judge: { provider: sim, model: sim-small, rubric: Polite., choices: { agreed: 1, bad: 0 }${more} } }\n`;
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: cut
scenarios: [s.yaml]
variants: { a: { command: [node, a.mjs], provider: none } }
providers: { none: { type: none }, sim: { type: sim } }
scorers:
${judge('told', '')}${judge('asking', ', prompt: "{{output}} {{finish_reason}} {{rubric}}"')}  - exact
`,
    's.yaml': '- { id: s, input: hi, expect: { exact: Half } }\n',
    'a.mjs':
      "process.stdin.resume().on('end', () => console.log(JSON.stringify({ text: 'Half an ans', finish_reason: 'length' })));\n",
  });
  const at = { cwd: folder };
  expect((await cli(['run'], at)).stdout).toContain('3 scores: 3 judged, 0 cached');
  expect((await cli(['score'], at)).stdout).toContain('3 scores: 0 judged, 3 cached');
  const history = path.join(folder, 'artifacts/cut/scores/history');
  const parts = filesBelow(history)
    .filter((file) => file.endsWith('parts.jsonl'))
    .flatMap((file) => jsonLines(path.join(history, file))) as unknown as readonly {
    readonly content?: { ending?: string };
  }[];
  expect(parts.flatMap(({ content }) => content?.ending ?? [])).toEqual(['cut']);
  const shown = (await cli(['show', 's'], at)).stdout;
  expect(shown).toContain('told: 1, agreed, passed');
});
