// The scorers that translated expectations need: rules, a judge, nearness.
import type { Json, JsonObject } from '../../core/json.ts';
import type { ScorersNeeded } from './promptfoo-asserts.ts';
import { type Arm, type ProvidersContext, readGrader } from './promptfoo-providers.ts';
import type { Placed } from './source.ts';
import { isPlacedMap, leave, member } from './source.ts';

type ScorersInput = {
  readonly needed: ScorersNeeded;
  readonly arms: readonly Arm[];
  readonly root: Placed<JsonObject>;
  readonly context: ProvidersContext;
};

/** What promptfoo embeds with where nobody says it. */
const EMBEDDING_MODEL = 'text-embedding-3-large';

export function scorersOf(input: ScorersInput): readonly Json[] {
  const { needed, context } = input;
  const near = [...needed.nearness].map(([name, { passAt }]) => ({
    embedding: { provider: openaiIn(context), model: EMBEDDING_MODEL },
    ...{ name, pass_at: passAt },
  }));
  if (near.length > 0)
    context.notes.told.push(
      `"similar" is the scorer ${near.map(({ name }) => name).join(', ')}: it embeds with ${EMBEDDING_MODEL} by OpenAI, as promptfoo does where nobody says otherwise`,
    );
  return [...(needed.rules ? ['expect'] : []), ...(needed.rubrics > 0 ? [judgeOf(input)] : []), ...near];
}

function judgeOf({ needed, arms, root, context }: ScorersInput): JsonObject {
  const grader = needed.grader ?? graderOfAll(root);
  const read = grader === null ? null : readGrader(grader, context);
  const first = arms.flatMap(({ asked }) => (asked.kind === 'model' ? [asked] : []))[0];
  const judge = read ?? first ?? { account: openaiIn(context), model: 'gpt-4.1-mini', settings: {} };
  if (read === null)
    context.notes.told.push(
      `Rubrics are judged by ${judge.model} of ${judge.account}: promptfoo takes a model of its own choice there. Another one: model: of the scorer judge`,
    );
  const [threshold] = [...needed.thresholds].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (needed.thresholds.size > 1)
    leave(context.notes, root, {
      what: 'assert threshold',
      why: `rubrics have several thresholds (${[...needed.thresholds.keys()].join(', ')}), and a judge has one: ${threshold} is taken`,
    });
  const { temperature, max_output_tokens: most } = judge.settings;
  return {
    judge: {
      ...{ provider: judge.account, model: judge.model },
      ...(read !== null && temperature !== undefined ? { temperature } : {}),
      ...(read !== null && most !== undefined ? { max_output_tokens: most } : {}),
    },
    ...(threshold === undefined ? {} : { pass_at: threshold }),
  };
}

/** `defaultTest.options.provider`, in both of its forms. */
function graderOfAll(root: Placed<JsonObject>): Placed<Json> | null {
  const shared = member(root, 'defaultTest');
  if (!isPlacedMap(shared)) return null;
  const options = member(shared, 'options');
  if (!isPlacedMap(options)) return null;
  const provider = member(options, 'provider');
  if (provider.value === null) return null;
  if (!isPlacedMap(provider) || provider.value.id !== undefined) return provider;
  const text = member(provider, 'text');
  return text.value === null ? provider : text;
}

function openaiIn({ accounts }: ProvidersContext): string {
  if (!accounts.has('openai')) accounts.set('openai', { type: 'openai', api_key_env: 'OPENAI_API_KEY' });
  return 'openai';
}
