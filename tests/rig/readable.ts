// An experiment that is there to be read: answers that differ by words, by arguments, in all and in nothing, that mean harm, and
// that failed.
import { cli } from './cli.ts';
import { writeFiles } from './files.ts';
import { MARKUP } from './hostile-sayings.ts';

const PLAN = [
  '## Plan',
  '',
  'I book **the gym** for seven:',
  '',
  '- on Monday',
  '- on [Tuesday](https://evil.example/t)',
  '',
  '<b onclick="owned()">bold</b>',
].join('\n');
const book = (name: string, given: object) => ({ name, arguments: given });
const tool = (name: string) => ({
  name,
  description: `${name} does it.`,
  parameters: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
});

/** Three scenarios, two arms, three runs; what each says is written here. */
export async function drawReadable(folder: string): Promise<void> {
  writeFiles(folder, {
    'experiment.yaml': JSON.stringify(
      {
        version: 1,
        name: 'reading',
        runs: 3,
        provider: 'sim',
        sim: { answers: 'answers.json' },
        scenarios: ['scenarios.json'],
        tools: [tool('look_up')],
        max_turns: 3,
        variants: {
          baseline: { system: 'You book things. Ask when in doubt.' },
          applike: { system: 'You book things. Never ask.', tools: [tool('look_up'), tool('create_event')] },
        },
        scorers: ['contains'],
        execution: { retries: 0 },
      },
      null,
      2,
    ),
    'scenarios.json': JSON.stringify([
      {
        id: 'gym',
        category: 'booking',
        input: 'Book the gym for 7.',
        expect: { contains: 'seven' },
        tool_results: { look_up: { free: ['7:00', '8:00'] } },
      },
      { id: 'hostile', category: 'harm', input: MARKUP[0]!, description: 'said to do harm' },
      { id: 'outage', category: 'harm', input: 'Is anybody there?' },
    ]),
    'answers.json': JSON.stringify({
      gym: {
        variants: {
          baseline: [
            {
              turns: [
                {
                  tool_calls: [book('look_up', { title: 'gym', at: { day: 'Mon', hour: 7 }, who: ['Tom'] })],
                },
                PLAN,
              ],
            },
            PLAN,
            PLAN,
          ],
          applike: [
            {
              turns: [
                {
                  tool_calls: [
                    book('look_up', { who: ['Ann', 'Tom'], title: 'gym', at: { hour: 8, day: 'Mon' } }),
                  ],
                },
                PLAN.replace('seven', 'eight'),
              ],
            },
            'Something else altogether, in no word alike.',
            PLAN,
          ],
        },
      },
      hostile: { variants: { baseline: MARKUP.join('\n\n'), applike: `${MARKUP.join('\n\n')}\n\nand more` } },
      outage: {
        variants: {
          baseline: { error: { status: 400, message: 'no & <nobody> is here' } },
          applike: 'I am.',
        },
      },
    }),
  });
  const { code, stderr } = await cli(['run'], { cwd: folder });
  // One cell fails, as it is meant to.
  if (code !== 1 || stderr.includes('mistake')) throw new Error(stderr);
}
