// In scenarios, in code, on the command line.
import { program } from '../rig/program.ts';
import { PYTHON_WITH_PYTEST } from '../rig/python.ts';
import { type Mistake, manifest } from './mistake.ts';

const plan = { args: ['plan'] } as const;
const scenarios = (text: string, name = 'scenarios.yaml'): NonNullable<Mistake['files']> => ({
  ...(name === 'scenarios.yaml' ? {} : { 'experiment.yaml': manifest('').replace('scenarios.yaml', name) }),
  [name]: text,
});
const arm = (variant: string, files: NonNullable<Mistake['files']> = {}): NonNullable<Mistake['files']> => ({
  'experiment.yaml': manifest('', `  plain: ${variant}\n`),
  ...files,
});

export const IN_SCENARIOS: readonly Mistake[] = [
  {
    ...{ name: 'the file of scenarios is not there', ...plan, files: { 'scenarios.yaml': null } },
    ...{ cause: /matches no file/, todo: /relative to the manifest's folder/ },
  },
  {
    ...{ name: 'a folder is named where its files are meant', ...plan },
    files: {
      'experiment.yaml': manifest('').replace('[scenarios.yaml]', '[cases]'),
      'cases/a.yaml': '- { id: a, input: x }\n',
    },
    ...{ cause: /cases/, todo: /cases\/\*\*\/\*\.yaml/ },
  },
  {
    ...{
      name: 'two scenarios have one id',
      ...plan,
      files: scenarios('- { id: a, input: x }\n- { id: a, input: y }\n'),
    },
    ...{ cause: /the id "a" is there twice/, todo: /the first is here|help: / },
  },
  {
    ...{ name: 'the file of scenarios is empty', ...plan, files: scenarios('') },
    ...{ cause: /scenarios\.yaml/, todo: /help: / },
  },
  {
    ...{
      name: '"expect" is misspelt',
      ...plan,
      files: scenarios('- { id: a, input: x, expct: { contains: y } }\n'),
    },
    ...{ cause: /unknown key "expct"/, todo: /did you mean "expect"/ },
  },
  {
    ...{ name: 'a rule of an expectation is misspelt', args: ['plan'] },
    ...{ files: scenarios('- { id: a, input: x, expect: { contians: y } }\n') },
    ...{ cause: /contians/, todo: /did you mean "contains"/ },
  },
  {
    ...{ name: 'a CSV lacks a variable', ...plan },
    files: {
      'experiment.yaml': manifest('template: "{{vars.topic}}"\n').replace('scenarios.yaml', 'cases.csv'),
      'cases.csv': 'id,input,vars.topik\na,x,bananas\nb,y,trains\n',
    },
    ...{ cause: /have no variable "topic"/, todo: /did you mean that\?/ },
  },
  {
    ...{ name: "a CSV has another tool's columns", ...plan },
    files: scenarios('question,answer\nWhat is 1 + 1?,2\n', 'cases.csv'),
    ...{ cause: /another tool's/, todo: /map: \{ input: question, expect: answer \}/ },
  },
  {
    ...{
      name: 'a line of JSONL is cut off',
      ...plan,
      files: scenarios('{"id":"a","input":"x"}\n{"id":"b","inp\n', 'cases.jsonl'),
    },
    ...{ cause: /cases\.jsonl:2/, todo: /the closing double quote is missing/ },
  },
  {
    ...{ name: 'a scenario has no input', ...plan, files: scenarios('- { id: a, description: x }\n') },
    ...{ cause: /has no "input"/, todo: /add: input/ },
  },
];

export const IN_CODE: readonly Mistake[] = [
  {
    ...{ name: 'own code has a syntax error', ...plan },
    files: arm('{ use: ./agent.ts }', {
      'agent.ts': 'import { ask } from "./ask.ts";\nexport default ask;\n',
      'ask.ts': 'export const ask = (x: string => x;\n',
    }),
    ...{ cause: /ask\.ts:1:\d+ error: syntax error/, todo: /mend it there/ },
  },
  {
    ...{ name: 'own code imports a package that is not installed', ...plan },
    files: arm('{ use: ./agent.ts }', { 'agent.ts': 'import _ from "lodahs";\nexport default _;\n' }),
    ...{ cause: /there is no package "lodahs"/, todo: /npm install lodahs/ },
  },
  {
    ...{
      name: 'the file of own code is not there',
      ...plan,
      files: arm('{ use: ./agnet.ts }', { 'agent.ts': 'export default {};\n' }),
    },
    ...{ cause: /agnet\.ts does not exist/, todo: /did you mean "\.\/agent\.ts"/ },
  },
  {
    ...{ name: 'a program in Python has a syntax error', ...plan, needs: 'python' },
    files: arm('{ command: [python3, harness.py] }', { 'harness.py': 'print("hi"\n' }),
    ...{ cause: /harness\.py:1:6 error: syntax error: '\(' was never closed/, todo: /mend it there/ },
  },
  {
    ...{ name: 'a program in Python imports what is not installed', ...plan, needs: 'python' },
    files: arm('{ command: [python3, harness.py] }', { 'harness.py': 'import numpyy\n' }),
    ...{ cause: /Python finds no module "numpyy"/, todo: /pip install numpyy/ },
  },
  {
    ...{
      name: 'a command is not found',
      args: ['run'],
      code: 1,
      files: arm('{ command: [my-harnes, --fast] }'),
    },
    ...{ cause: /there is no program "my-harnes" on the PATH/, todo: /PATH/ },
  },
  {
    ...{ name: 'there is no Python', args: ['run'], env: { PATH: '/nonexistent' } },
    files: arm('{ command: [python3, harness.py] }', { 'harness.py': 'print("hi")\n' }),
    ...{ cause: /there is no program "python3" on the PATH/, todo: /PATH/ },
  },
  {
    ...{ name: 'pytest cannot collect a test', args: ['run'], needs: 'pytest' },
    files: arm(`{ pytest: { path: test_a.py, python: ${PYTHON_WITH_PYTEST} } }`, {
      'test_a.py': 'import nowhere_at_all\n\ndef test_a():\n    pass\n',
    }),
    ...{ cause: /pytest could not collect: test_a\.py: .*nowhere_at_all/, todo: /see it with: / },
    from: { line: /^expgraph: / },
  },
];

const drawn = async (folder: string): Promise<void> => {
  await program(['run'], { cwd: folder });
};

export const AT_THE_TERMINAL: readonly Mistake[] = [
  {
    ...{ name: 'a command is misspelt', args: ['rnu'] },
    ...{ cause: /rnu/, todo: /--help/ },
  },
  {
    ...{ name: 'an option is misspelt', args: ['run', '--varaint', 'plain'] },
    ...{ cause: /--varaint/, todo: /--variant/ },
  },
  {
    ...{ name: 'a filter matches nothing', args: ['run', '--variant', 'plian'] },
    ...{ cause: /plian/, todo: /plain/ },
  },
  {
    ...{ name: 'a filter for scenarios matches nothing', args: ['run', '--scenario', 'helo'] },
    ...{ cause: /helo/, todo: /hello/ },
  },
  {
    ...{ name: '--runs is no list of numbers', args: ['run', '--runs', 'two'] },
    ...{ cause: /--runs/, todo: /1,3-5|for example/ },
  },
  {
    ...{ name: 'there are not so many runs', args: ['run', '--runs', '9'] },
    ...{ cause: /9/, todo: /./ },
  },
  {
    ...{
      name: 'an arm to compare is misspelt',
      args: ['compare', 'plain', 'plan', '--metric', 'tokens'],
      code: 2,
      before: drawn,
    },
    ...{ cause: /plan/, todo: /plain/ },
  },
  {
    ...{ name: 'a cell to show is misspelt', args: ['show', 'plain/helo/1'], before: drawn },
    ...{ cause: /helo/, todo: /./ },
  },
  {
    ...{ name: 'an invocation is not there', args: ['diff', '1', '7'], before: drawn },
    ...{ cause: /7/, todo: /./ },
  },
  {
    ...{ name: 'nothing is drawn yet', args: ['show', 'plain/hello/1'] },
    ...{ cause: /no record matches/, todo: /expgraph run/ },
  },
];
