// expgraph init: by which way an experiment begins. Options say it; where they do not, somebody at a terminal is asked, and in a
// pipe nobody is.
import path from 'node:path';
import { lookAround } from '../../project/init/around.ts';
import type { Origin } from '../../project/init/from-file.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { TEMPLATES } from '../../project/open/templates.ts';
import {
  folderQuestion,
  realQuestion,
  type Way,
  wayQuestion,
  waysOf,
} from '../../report/setup/init-questions.ts';
import type { Io } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';

export type InitWords = {
  readonly template?: string;
  readonly fromPytest?: string | true;
  readonly refresh?: boolean;
  readonly fromPromptfoo?: string;
  readonly fromInspect?: string;
  readonly fromData?: string;
  readonly python?: string;
  readonly variantsFrom?: string;
  readonly runs?: string;
  readonly real?: boolean;
  readonly vscode?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
};

const WAYS = ['template', 'fromPytest', 'fromPromptfoo', 'fromInspect', 'fromData'] as const;

export async function initByWay(io: Io, folder: string, given: InitWords): Promise<number> {
  const words =
    given.refresh && given.fromPytest === undefined ? { ...given, fromPytest: true as const } : given;
  const ways = WAYS.filter((way) => words[way] !== undefined);
  if (ways.length > 1) {
    const [one, other] = ways.map(
      (way) => `--${way.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    );
    throw new CommandError(`${one} and ${other} are two ways to begin: take one`);
  }
  const asks = ways.length === 0 && words.yes !== true && canAsk();
  const chosen = asks ? await asked(io, folder, words) : { folder, words };
  const code = await begin(io, chosen.folder, chosen.words);
  if (code === 0 && chosen.words.vscode === true) await addTasks(io, chosen.folder, chosen.words);
  return code;
}

async function begin(io: Io, folder: string, words: InitWords): Promise<number> {
  const { fromPytest } = words;
  if (fromPytest !== undefined) {
    const { initFromPytest } = await import('./init-pytest.ts');
    return initFromPytest(io, folder, { ...words, fromPytest });
  }
  const from = fileOf(words);
  if (from === null) return (await import('./init.ts')).initCommand(io, folder, words);
  const { initFromFile } = await import('./init-from.ts');
  return initFromFile(io, { folder, ...from }, words);
}

function fileOf({
  fromPromptfoo,
  fromInspect,
  fromData,
}: InitWords): { readonly from: Origin; readonly file: string } | null {
  if (fromPromptfoo !== undefined) return { from: 'promptfoo', file: fromPromptfoo };
  if (fromInspect !== undefined) return { from: 'inspect', file: fromInspect };
  return fromData === undefined ? null : { from: 'data', file: fromData };
}

async function addTasks(io: Io, folder: string, { dryRun = false }: InitWords): Promise<void> {
  const { writeEditorFiles } = await import('../../project/init/editor.ts');
  const { writtenLines } = await import('../../report/setup/init.ts');
  io.out.write(writtenLines(writeEditorFiles(path.resolve(io.cwd, folder), { dryRun }), { dryRun }));
}

type Chosen = { readonly folder: string; readonly words: InitWords };

/** Enter takes what stands in brackets. @throws CommandError where somebody leaves, or says what is none of it */
async function asked(io: Io, folder: string, words: InitWords): Promise<Chosen> {
  const ways = waysOf({ found: lookAround(path.resolve(io.cwd, folder)), templates: TEMPLATES });
  const way = ways[await number(wayQuestion(ways), ways.length)]!;
  const where = folder === '.' ? await answer(folderQuestion(), '.') : folder;
  const isReal =
    way.asksReal && words.real === undefined
      ? /^y(?:es)?$/i.test(await answer(realQuestion(), 'n'))
      : words.real === true;
  return { folder: where, words: { ...words, ...wordsOf(way), real: isReal } };
}

function wordsOf({ begins }: Way): InitWords {
  switch (begins.kind) {
    case 'sample':
      return {};
    case 'template':
      return { template: begins.name };
    case 'pytest':
      return { fromPytest: true };
    case 'promptfoo':
      return { fromPromptfoo: begins.file };
    case 'inspect':
      return { fromInspect: begins.file };
    case 'data':
      return { fromData: begins.file };
  }
}

async function number(question: string, count: number): Promise<number> {
  const text = await answer(question, '1');
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= count) return n - 1;
  throw new CommandError(`${JSON.stringify(text)} is none of 1 to ${count}: nothing was written`);
}

async function answer(question: string, usual: string): Promise<string> {
  const said = await ask(question);
  if (said.kind === 'left') throw new CommandError('stopped: nothing was written');
  const text = said.kind === 'answered' ? said.text.trim() : '';
  return text === '' ? usual : text;
}
