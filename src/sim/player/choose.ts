// Ranks the offered tools for an intent: what a tool's name does against what the user wants.
import type { Dice } from '../wire/dice.ts';
import type { ToolKit, ToolProfile } from '../wire/tool-kit.ts';
import type { Goal, Intent } from './intent.ts';

/** Below this a tool has nothing to do with the request. */
const MIN_SCORE = 6;

/** Fitting tools, the best first; ties go to the order in which the tools are offered. */
export function rankTools(
  kit: ToolKit,
  { intent, dice }: { intent: Intent; dice: Dice },
): readonly ToolProfile[] {
  const scored = kit.profiles.map((profile) => ({ profile, score: scoreOf(profile, intent) + dice() }));
  return scored
    .filter(({ score }) => score >= MIN_SCORE)
    .sort((a, b) => b.score - a.score)
    .map(({ profile }) => profile);
}

function scoreOf(profile: ToolProfile, intent: Intent): number {
  let score = 0;
  for (const topic of profile.topics) if (intent.phrases.includes(` ${topic} `)) score += 7;
  if (!profile.isScheduling || profile.verb === null || profile.verb !== VERB_FOR[intent.goal]) return score;
  score += 8;
  // The wrong kind of tool still fits where no better one is offered.
  if (profile.leaning !== null && (intent.goal === 'once' || intent.goal === 'recurring')) {
    score += profile.leaning === intent.goal ? 3 : -1;
  }
  return score;
}

const VERB_FOR: { readonly [goal in Goal]: ToolProfile['verb'] } = {
  once: 'create',
  recurring: 'create',
  list: 'list',
  change: 'change',
  none: null,
};
