// Tool loops of the real program on the simulation: both APIs, results from scenario and tool, the limit, the transcript.
import { describe, expect, it } from 'vitest';
import { harnessRun } from '../rig/harness.ts';

const tool = (name: string, more = ''): string =>
  `{ name: ${name}, description: Creates it., parameters: { type: object, properties: { title: { type: string } } }${more} }`;
const scenarios = (more = ''): string =>
  `- { id: dentist, input: "Dentist tomorrow at 3pm for an hour."${more} }`;
type Message = {
  readonly role?: string;
  readonly type?: string;
  readonly content?: string;
  readonly output?: string;
};

describe.each(['chat', 'responses'])('a tool loop over the %s API', (api) => {
  const manifest = (tools: string, turns = 4): string =>
    `provider: sim\nproviders: { sim: { type: sim, api: ${api} } }\nmax_turns: ${turns}\nvariants: { loop: { tools: [${tools}] } }`;
  const told = (messages: readonly Message[]): readonly (string | undefined)[] =>
    messages
      .filter(({ role, type }) => role === 'tool' || type === 'function_call_output')
      .map(({ content, output }) => content ?? output);

  it('goes on with the result that the tool has, and keeps every turn', async () => {
    const made = harnessRun({
      manifest: manifest(tool('create_event', ', result: { ok: true, for: "{{id}}" }')),
      files: { 'scenarios.yaml': scenarios() },
    });
    const { code, stderr } = await made.run('run');
    expect([code, stderr.includes('warning')]).toEqual([0, false]);
    const { dentist } = made.records('loop');
    expect(dentist.turns).toHaveLength(2);
    expect(told(dentist.output.messages)).toEqual(['{"ok":true,"for":"dentist"}']);
    expect(dentist.turns[0].tool_results).toEqual([
      expect.objectContaining({ name: 'create_event', source: 'tool' }),
    ]);
    expect(dentist.usage.total_tokens).toBe(
      dentist.turns[0].usage.total_tokens + dentist.turns[1].usage.total_tokens,
    );
    const shown = await made.run('show', 'loop/dentist/1');
    expect(shown.stdout).toMatch(/── turns ─+\n1 {2}\S+ after .*told: create_event from tool\n2 {2}/);
    expect(shown.stdout).toContain('  ok: true\n  for: dentist\n');
  });

  it('lets the scenario speak first, and is another draw with another result', async () => {
    const made = harnessRun({
      manifest: manifest(tool('create_event', ', result: from the tool')),
      files: { 'scenarios.yaml': scenarios(', tool_results: { create_event: [from the scenario] }') },
    });
    expect((await made.run('plan')).stdout).toContain(
      'Calls: one a task; tool loops, own code and programs may make more: loop.',
    );
    expect((await made.run('run')).code).toBe(0);
    const { dentist } = made.records('loop');
    expect(told(dentist.output.messages)).toEqual(['from the scenario']);
    expect(dentist.turns[0].tool_results[0].source).toBe('scenario');
  });

  it('tells the model of what nobody answers, and warns before', async () => {
    const made = harnessRun({
      manifest: manifest(tool('create_event')),
      files: { 'scenarios.yaml': scenarios() },
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: in the tool loop of "loop" nothing says what create_event gives back/);
    const { dentist } = made.records('loop');
    expect(dentist.turns[0].tool_results[0]).toMatchObject({ source: 'none', error: 'no-result' });
    expect(told(dentist.output.messages)[0]).toBe('{"error":"the tool create_event is not available"}');
  });

  it('ends at the limit with a result that says so', async () => {
    const made = harnessRun({
      manifest: `${manifest(tool('create_event', ', result: ok'), 2)}`.replace(
        'max_turns: 2',
        'max_turns: 1',
      ),
      files: { 'scenarios.yaml': scenarios() },
    });
    await made.run('run');
    expect(made.records('loop').dentist.turns).toBeUndefined();
    const limited = harnessRun({
      manifest: `provider: sim\nproviders: { sim: { type: sim, api: ${api} } }\nmax_turns: 2\nvariants: { mine: { use: ./mine.ts } }`,
      files: {
        'scenarios.yaml': scenarios(),
        // A handler that wants to be asked again.
        'mine.ts': `export default { tools: [{ name: 'create_event', parameters: { type: 'object', properties: { title: { type: 'string' } } }, handler: () => { throw new Error('try again'); } }] };`,
      },
    });
    await limited.run('run');
    const { dentist } = limited.records('mine');
    expect(dentist.turns[0].tool_results[0]).toMatchObject({ source: 'handler', error: 'tool-failed' });
    expect(told(dentist.output.messages)[0]).toBe('{"error":"try again"}');
    expect(dentist.turns.length).toBe(2);
  });
});
