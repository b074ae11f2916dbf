// init --from-promptfoo, --from-inspect, --from-data: what is written runs at once on the simulation, and what cannot be carried over is
// named with its place.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { withoutPython } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

const PROMPTFOO = `description: Tweets
prompts:
  - file://prompts/tweet.txt
  - { id: file://prompts/chat.json, label: chat }
  - "Shout {{ topic | upper }}"
  - file://prompts/made.py:fn
providers:
  - openai:gpt-4o-mini
  - id: anthropic:messages:claude-sonnet-4-5
    label: sonnet
    config:
      temperature: 0.3
      max_tokens: 800
      apiKey: sk-ant-very-secret-0123456789
      thinking: { type: enabled, budget_tokens: 2000 }
      tools: [{ name: look, description: Looks., input_schema: { type: object, properties: { q: { type: string } } } }]
  - huggingface:text-generation:x
defaultTest:
  options: { provider: "openai:gpt-4.1", transform: output.trim() }
  assert:
    - { type: javascript, value: output.length < 280 }
tests:
  - description: about bananas
    vars: { topic: bananas }
    metadata: { category: fruit, tags: [sweet], level: 2 }
    assert:
      - { type: icontains, value: banana }
      - { type: llm-rubric, value: "is about {{topic}}", threshold: 0.7 }
      - { type: latency, threshold: 900 }
  - vars: { topic: [tea, file://topic.txt] }
    assert:
      - { type: is-json, value: { type: object } }
      - { type: not-contains-any, value: [sorry, cannot] }
      - { $ref: "#/assertionTemplates/digits" }
      - { type: assert-set, threshold: 0.5, assert: [{ type: equals, value: a }, { type: equals, value: b }] }
assertionTemplates:
  digits: { type: regex, value: "[0-9]+" }
scenarios:
  - config: [{ vars: { topic: milk } }, { vars: { topic: wine } }]
    tests: [{ assert: [{ type: contains, value: "{{topic}}" }] }]
evaluateOptions: { repeat: 2, maxConcurrency: 3 }
outputPath: out.json
`;

function promptfoo(): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'promptfooconfig.yaml': PROMPTFOO,
    'prompts/tweet.txt': 'Tweet about {{topic}}.\n',
    'prompts/chat.json': '[{"role":"system","content":"{{who}}"},{"role":"user","content":"{{topic}}"}]',
    'prompts/made.py': 'raise SystemExit("it was run")\n',
    'topic.txt': 'honey',
  });
  return folder;
}

async function ran(folder: string): Promise<RunSummary> {
  const run = await cli(['run', '--json'], { cwd: folder });
  if (run.stdout === '') throw new Error(run.stderr);
  const summary = JSON.parse(run.stdout) as RunSummary;
  expect([run.code, summary.failed, summary.complete, summary.simulated]).toEqual([0, 0, true, true]);
  return summary;
}

const manifestIn = (folder: string) => parse(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8'));
const textIn = (folder: string): string => readFileSync(path.join(folder, 'experiment.yaml'), 'utf8');

describe('init --from-promptfoo', () => {
  it('makes prompts x providers variants, tests scenarios, and runs without a key', async () => {
    const folder = promptfoo();
    const made = await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    const manifest = manifestIn(folder);
    expect(Object.keys(manifest.variants)).toEqual([
      'tweet--gpt-4o-mini',
      'tweet--sonnet',
      'chat--gpt-4o-mini',
      'chat--sonnet',
    ]);
    expect(manifest.variants['tweet--sonnet']).toEqual({
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      temperature: 0.3,
      max_output_tokens: 800,
      params: { thinking: { type: 'enabled', budgetTokens: 2000 } },
      tools: 'tools/sonnet.yaml',
      template: { file: 'prompts/tweet.expgraph.txt' },
    });
    expect(manifest.runs).toBe(2);
    expect(manifest.execution).toEqual({ concurrency: 3 });
    expect(manifest.scorers).toEqual([
      'expect',
      { judge: { provider: 'openai', model: 'gpt-4.1' }, pass_at: 0.7 },
    ]);
    expect(readFileSync(path.join(folder, 'prompts/tweet.expgraph.txt'), 'utf8')).toBe(
      'Tweet about {{vars.topic}}.',
    );
    const summary = await ran(folder);
    expect(summary.executed).toBe(4 * 5 * 2);
  });

  it('carries assertions over: each is a rule, a rubric, or kept and named', async () => {
    const folder = promptfoo();
    await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    const scenarios = parse(readFileSync(path.join(folder, 'scenarios/promptfoo.yaml'), 'utf8'));
    const js = { type: 'javascript', value: 'output.length < 280' };
    expect(scenarios[0]).toEqual({
      id: 'about-bananas',
      description: 'about bananas',
      category: 'fruit',
      tags: ['sweet', 'level=2'],
      vars: { who: '', topic: 'bananas' },
      expect: {
        contains: { all: 'banana', ignore_case: true },
        judge: 'is about bananas',
        promptfoo: [js, { type: 'latency', threshold: 900 }],
      },
    });
    expect(scenarios.map(({ vars }: { vars: { topic: string } }) => vars.topic)).toEqual([
      ...['bananas', 'tea', 'honey', 'milk', 'wine'],
    ]);
    expect(scenarios[1].expect.all).toEqual([
      { json: { schema: { type: 'object' } } },
      { not: { contains: { any: ['sorry', 'cannot'], ignore_case: false } } },
      { regex: { pattern: '[0-9]+' } },
      { any: [{ exact: { text: 'a', trim: false } }, { exact: { text: 'b', trim: false } }] },
    ]);
    expect(scenarios[3].expect).toEqual({ contains: { all: 'milk', ignore_case: false }, promptfoo: [js] });
  });

  it('names whatever is left out with its place and the reason, on the screen and in the file', async () => {
    const folder = promptfoo();
    const { stdout } = await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    for (const what of [
      'promptfooconfig.yaml:5:5: prompt prompt-3',
      'promptfooconfig.yaml:6:5: prompt file://prompts/made.py:fn',
      'promptfooconfig.yaml:14:7: provider config apiKey',
      'promptfooconfig.yaml:17:5: provider huggingface:text-generation:x',
      'promptfooconfig.yaml:19:42: defaultTest: options.transform',
      'promptfooconfig.yaml:21:7: assert javascript (5 times)',
      'promptfooconfig.yaml:29:9: assert latency',
      'promptfooconfig.yaml:42:1: outputPath',
    ]) {
      expect(stdout).toContain(`${what}\n`);
      const [, place, name] = /^(\S+:\d+:\d+): (.*?)(?: \(\d+ times\))?$/.exec(what)!;
      expect(textIn(folder)).toContain(`# - ${name} (${place}`);
    }
  });

  it('writes no key into any file, and reads and runs no code', async () => {
    const folder = promptfoo();
    await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    const written = filesBelow(folder).filter((name) => name !== 'promptfooconfig.yaml');
    for (const name of written)
      expect(readFileSync(path.join(folder, name), 'utf8'), name).not.toContain('very-secret');
  });

  it('asks the real providers where it is told to, by the types that they have', async () => {
    const folder = promptfoo();
    writeFileSync(
      path.join(folder, 'promptfooconfig.yaml'),
      'prompts: ["{{q}}"]\nproviders: ["openai:responses:gpt-5", "openrouter:meta/llama", "ollama:chat:llama3"]\ntests: [{ vars: { q: hi } }]\n',
    );
    const made = await cli(['init', '--real', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect(made.stderr).toBe('');
    expect(manifestIn(folder).providers).toEqual({
      'openai-responses': { type: 'openai', api: 'responses', api_key_env: 'OPENAI_API_KEY' },
      openrouter: {
        type: 'openai',
        base_url: 'https://openrouter.ai/api/v1',
        api_key_env: 'OPENROUTER_API_KEY',
      },
      ollama: { type: 'openai', base_url: 'http://127.0.0.1:11434/v1', auth: 'none' },
    });
    expect((await cli(['plan'], { cwd: folder })).code).toBe(0);
  });

  it('reads a table of tests where it lies, and by its own names', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'promptfooconfig.yaml':
        'prompts: ["Answer {{input}} in {{tone}}."]\nproviders: [openai:gpt-4.1]\ntests: file://cases.csv\n',
      'cases.csv': 'input,tone,__expected\nWhy?,red,contains: because\n',
    });
    await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect(manifestIn(folder)).toMatchObject({
      scenarios: ['cases.csv'],
      template: 'Answer {{input}} in {{vars.tone}}.',
      scorers: ['expect'],
    });
    await ran(folder);
  });

  it.skipIf(withoutPython())('runs programs of promptfoo by a small file between the protocols', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'promptfooconfig.yaml':
        'prompts: ["Say {{word}}"]\nproviders:\n  - file://mine.py\n  - "exec: python3 shout.py"\ntests: [{ vars: { word: hi }, assert: [{ type: icontains, value: say hi }] }]\n',
      'mine.py':
        'def call_api(prompt, options, context):\n    print("logged")\n    return {"output": prompt + " " + context["vars"]["word"], "tokenUsage": {"prompt": 2, "completion": 3}}\n',
      'shout.py': 'import sys\nprint(sys.argv[1].upper())\n',
    });
    const made = await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect(made.stderr).toBe('');
    const run = await cli(['run', '--json'], { cwd: folder });
    const { failed, scores } = JSON.parse(run.stdout) as RunSummary;
    expect([failed, scores!.rows.map(({ mean }) => mean)]).toEqual([0, [1, 1]]);
  });

  it.each([
    ['config.js', 'module.exports = {}', 'is code'],
    ['a.yaml', 'hello: world\n', 'is no config of promptfoo'],
    ['a.yaml', 'prompts: [a]\nproviders: [echo]\n', 'nothing of a.yaml can be asked here'],
    ['a.yaml', 'prompts: [a\n', 'a.yaml:2:1 error: not valid YAML'],
    ['none.yaml', null, 'there is no file none.yaml'],
  ])('writes nothing of %s (%j)', async (name, text, told) => {
    const folder = tempFolder();
    if (text !== null) writeFileSync(path.join(folder, name), text);
    const { code, stderr } = await cli(['init', '--from-promptfoo', name], { cwd: folder });
    expect([code, stderr.includes(told), existsSync(path.join(folder, 'experiment.yaml'))], stderr).toEqual([
      2,
      true,
      false,
    ]);
  });

  it('reads no file outside of the project because a config names it', async () => {
    const outside = tempFolder();
    writeFileSync(path.join(outside, 'secret.txt'), 'SECRET {{q}}');
    const folder = tempFolder();
    symlinkSync(path.join(outside, 'secret.txt'), path.join(folder, 'link.txt'));
    writeFileSync(
      path.join(folder, 'promptfooconfig.yaml'),
      `prompts: ["{{q}}", "file://${outside}/secret.txt", file://link.txt]\nproviders: [openai:a]\ntests: [{ vars: { q: "file://${outside}/secret.txt" } }]\n`,
    );
    const { stdout } = await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect(stdout.match(/it lies outside of this project/g)).toHaveLength(3);
    const written = filesBelow(folder).filter((name) => name !== 'link.txt');
    for (const name of written)
      expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain('SECRET {{');
  });

  it('overwrites nothing, and writes nothing with --dry-run', async () => {
    const folder = promptfoo();
    const before = filesBelow(folder);
    const dry = await cli(['init', '-n', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect([dry.code, filesBelow(folder)]).toEqual([0, before]);
    expect(dry.stdout).toContain('would write experiment.yaml');
    writeFileSync(path.join(folder, 'experiment.yaml'), 'mine');
    const again = await cli(['init', '--from-promptfoo', 'promptfooconfig.yaml'], { cwd: folder });
    expect([again.code, textIn(folder)]).toEqual([2, 'mine']);
  });
});

const TASK = `from inspect_ai import Task, task, Epochs
raise SystemExit("it was run")

SYSTEM = """You are careful.
Mind the {subject}."""

def record_to_sample(record):
    return Sample(
        input=record["question"],
        target=str(record["answer"]),
        id=record.get("uid"),
        metadata={"subject": record["subject"], "hard": is_hard(record)},
    )

@task
def sums(shuffle=True):
    dataset = json_dataset("data.jsonl", record_to_sample, shuffle=shuffle)
    return Task(
        dataset=dataset,
        solver=[system_message(SYSTEM), prompt_template("Q: {prompt}"), my_solver(3), generate(temperature=0.5)],
        scorer=[match(numeric=True), model_graded_qa(model="anthropic/claude-sonnet-4-5"), custom()],
        epochs=Epochs(3, "mean"),
        config=GenerateConfig(max_tokens=200, top_p=0.9),
        sandbox="docker",
    )

@task
def letters():
    return Task(
        dataset=[
            Sample(input="Which is a fruit?", choices=["stone", "apple", "sea"], target="B", id=1),
            Sample(input='Which ' "is wet?", choices=["stone", "apple", "sea"], target="C"),
            Sample(input=f"Which {x}?", target="A"),
        ],
        solver=multiple_choice(),
        scorer=choice(),
    )
`;

describe('init --from-inspect', () => {
  function task(): string {
    const folder = tempFolder();
    writeFiles(folder, {
      'task.py': TASK,
      'data.jsonl':
        '{"uid": "a", "question": "1+1?", "answer": 2, "subject": "sums"}\n{"uid": "b", "question": "3*3?", "answer": 9, "subject": "sums"}\n',
    });
    return folder;
  }

  it('reads a task as text: data set, prompts, scorers, epochs, config; nothing of it is run', async () => {
    const folder = task();
    const made = await cli(['init', '--from-inspect', 'task.py'], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(manifestIn(folder)).toMatchObject({
      name: 'sums',
      runs: 3,
      provider: 'openai',
      model: 'gpt-4.1-mini',
      temperature: 0.5,
      max_output_tokens: 200,
      params: { top_p: 0.9 },
      system: 'You are careful.\nMind the {{vars.subject}}.',
      template: 'Q: {{input}}',
      scenarios: ['scenarios/sums.jsonl'],
      scorers: [
        'expect',
        {
          judge: { provider: 'anthropic', model: 'claude-sonnet-4-5', choices: { C: 1, I: 0 } },
          name: 'judge',
        },
      ],
    });
    const [first] = readFileSync(path.join(folder, 'scenarios/sums.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first!)).toEqual({
      id: 'a',
      input: '1+1?',
      vars: { subject: 'sums' },
      expect: { numeric: 2, judge: 'Answers the question as this does, or meets this criterion: 2' },
    });
    for (const what of ['task.py:17:68: json_dataset shuffle', 'solver my_solver', 'scorer custom'])
      expect(made.stdout).toContain(what);
    for (const what of ['sample metadata hard', 'Task sandbox', 'task letters'])
      expect(made.stdout).toContain(what);
    expect((await ran(folder)).executed).toBe(6);
  });

  it('takes the task behind the @, with its samples and choices as they are written out', async () => {
    const folder = task();
    const made = await cli(['init', 'two', '--from-inspect', 'task.py@letters'], { cwd: folder });
    expect(made.stderr).toBe('');
    const two = path.join(folder, 'two');
    const lines = readFileSync(path.join(two, 'scenarios/letters.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        id: '1',
        input: 'Which is a fruit?',
        vars: { choices: 'A) stone\nB) apple\nC) sea', letters: 'A, B, C' },
        expect: { regex: { pattern: 'ANSWER\\s*:\\s*B(?![A-Za-z])', flags: 'i' } },
      },
      {
        input: 'Which is wet?',
        vars: { choices: 'A) stone\nB) apple\nC) sea', letters: 'A, B, C' },
        expect: { regex: { pattern: 'ANSWER\\s*:\\s*C(?![A-Za-z])', flags: 'i' } },
      },
    ]);
    expect(made.stdout).toContain('task.py:33:13: sample input');
    await ran(two);
  });

  it('takes the data set of a log, each sample once', async () => {
    const folder = tempFolder();
    const sample = (id: string, epoch: number) => ({
      ...{ id, epoch, input: `What is ${id}?`, target: [id, id.toUpperCase()], metadata: { level: 1 } },
      ...{ messages: [], output: { choices: [] } },
    });
    writeFileSync(
      path.join(folder, 'log.json'),
      JSON.stringify({
        version: 2,
        status: 'success',
        eval: {
          task: 'pack/quiz',
          model: 'google/gemini-2.5-pro',
          config: { epochs: 2 },
          scorers: [{ name: 'includes', options: { ignore_case: false } }],
        },
        plan: {
          steps: [{ solver: 'system_message', params: { template: 'Be brief.' } }, { solver: 'generate' }],
          config: { temperature: 0.1, max_connections: 8 },
        },
        samples: [sample('x', 1), sample('x', 2), sample('y', 1), sample('y', 2)],
      }),
    );
    const made = await cli(['init', '--from-inspect', 'log.json'], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(manifestIn(folder)).toMatchObject({
      name: 'quiz',
      runs: 2,
      provider: 'google',
      model: 'gemini-2.5-pro',
      system: 'Be brief.',
      temperature: 0.1,
    });
    expect(made.stdout).toContain('log.json: config max_connections');
    const [first, second, none] = readFileSync(path.join(folder, 'scenarios/quiz.jsonl'), 'utf8').split('\n');
    expect([JSON.parse(first!), JSON.parse(second!).id, none]).toEqual([
      {
        id: 'x',
        input: 'What is x?',
        vars: { level: 1 },
        expect: { contains: { any: ['x', 'X'], ignore_case: false } },
      },
      'y',
      '',
    ]);
    expect((await ran(folder)).executed).toBe(4);
  });

  it.each([
    ['dataset=hf_dataset("x")', 'task.py:2:22: hf_dataset is fetched from elsewhere'],
    ['dataset=load()', 'the data set is made by load(), and no code is run'],
    ['dataset=json_dataset("../../../etc/passwd")', 'task.py:2:22: ../../../etc/passwd'],
    ['dataset=json_dataset(PATH)', 'its file would have to be run'],
    ['scorer=match()', 'task.py:2:5: the task names no dataset'],
  ])('says of %s why nothing was written', async (argument, told) => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'task.py'), `def t():\n    Task(    ${argument})\n`);
    const { code, stderr } = await cli(['init', '--from-inspect', 'task.py'], { cwd: folder });
    expect([code, stderr.includes(told), filesBelow(folder)], stderr).toEqual([2, true, ['task.py']]);
  });
});

describe('init --from-data', () => {
  it.each([
    ['qa.csv', 'id,question,target,subject,extra\na,1+1?,2,sums,x\nb,2+2?,4,sums,y\n', 'numeric'],
    [
      'qa.jsonl',
      '{"question": "Capital?", "answer": "Paris"}\n{"question": "Sea?", "answer": "Blue"}\n',
      'contains',
    ],
    ['qa.json', '{"rows": [{"prompt": "Say why.", "ideal": ["a", "b"]}]}', 'contains'],
    ['qa.yaml', `- { query: Explain., reference: ${JSON.stringify('long '.repeat(40))} }\n`, 'judge'],
  ])('guesses the columns of %s, tells them, and runs', async (name, text, rule) => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, name), text);
    const made = await cli(['init', '--from-data', name], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(new RegExp(`Columns, by their names: .*expect = \\w+ \\(${rule}\\)`));
    const summary = await ran(folder);
    expect(summary.scores!.rows.every(({ missing }) => missing === 0)).toBe(true);
  });

  it('makes variables of a table that asks nothing by a name that is known', async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'elsewhere'));
    writeFileSync(path.join(folder, 'vars.csv'), 'topic,tone\ntea,dry\n');
    const made = await cli(['init', 'evals', '--from-data', 'vars.csv'], { cwd: folder });
    expect(made.stdout).toContain('a copy of it is data/vars.csv');
    const evals = path.join(folder, 'evals');
    expect(manifestIn(evals).template).toBe('topic: {{vars.topic}}\ntone: {{vars.tone}}');
    await ran(evals);
  });

  it.each([
    ['x.jsonl', '{"foo": 1}\n', 'no column of x.jsonl looks like something to ask'],
    ['x.jsonl', '{"foo": 1\n', 'x.jsonl:1:10: not valid JSON'],
    ['x.csv', 'a,b\n', 'holds no row'],
    ['x.parquet', 'PAR1', 'no data set of a form that is read'],
  ])('says of %s (%j) what is wrong', async (name, text, told) => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, name), text);
    const { code, stderr } = await cli(['init', '--from-data', name], { cwd: folder });
    expect([code, stderr.includes(told), filesBelow(folder)], stderr).toEqual([2, true, [name]]);
  });
});

it('takes one way to begin', async () => {
  const folder = tempFolder();
  const { code, stderr } = await cli(['init', '--from-data', 'a.csv', '--from-inspect', 'b.py'], {
    cwd: folder,
  });
  expect([code, stderr]).toEqual([
    2,
    'expgraph: --from-inspect and --from-data are two ways to begin: take one\n',
  ]);
});
