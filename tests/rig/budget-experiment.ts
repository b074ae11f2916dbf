// An experiment with every way of making calls: one, a loop, own code, a judge beside a rule.
import { writeFiles } from './files.ts';

const OWN = `export default { async run({ client, model, messages, maxOutputTokens, scenario }) {
  for (let n = 0; n < 1 + scenario.id.length % 3; n++)
    await client.chat.completions.create({ model, messages, max_tokens: maxOutputTokens });
  return 'done';
} };
`;

export function writeExperiment(
  folder: string,
  of: {
    readonly url: string;
    readonly prices: { readonly [model: string]: { readonly input: number; readonly output: number } };
    readonly maxOutputTokens: number;
    readonly concurrency: number;
    readonly budgetUsd?: number;
  },
): void {
  const budget = of.budgetUsd === undefined ? '' : `, budget_usd: ${of.budgetUsd}`;
  writeFiles(folder, {
    'scenarios.jsonl': Array.from(
      { length: 5 },
      (_, i) => `${JSON.stringify({ id: `s${i}`, input: `say ${i}` })}\n`,
    ).join(''),
    'own.ts': OWN,
    'experiment.yaml': `version: 1
name: small
provider: server
model: cheap
max_output_tokens: ${of.maxOutputTokens}
scenarios: [scenarios.jsonl]
variants:
  plain: {}
  dear: { model: dear }
  loop: { max_turns: 6, tools: [{ name: look, description: Looks., result: "it is there ${'and there '.repeat(30)}" }] }
  own: { use: ./own.ts, model: dear }
providers:
  server: { type: openai, base_url: "${of.url}", api_key_env: SIM_KEY, pricing: ${JSON.stringify(of.prices)} }
scorers:
  - { name: rule, contains: { any: [fine, done] } }
  - { name: polite, judge: { provider: server, model: judge, rubric: "It is polite.", max_output_tokens: 60 } }
execution: { concurrency: ${of.concurrency}, retries: 2${budget} }
`,
  });
}
