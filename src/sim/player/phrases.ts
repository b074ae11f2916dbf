// The sentences of the simulation. It never pretends to know: where a model would have to, it says what it is.
import { unreachable } from '../../core/result.ts';
import { type Dice, pick } from '../wire/dice.ts';
import type { Intent } from './intent.ts';

/** One short question about what is missing. */
export function question(intent: Intent, dice: Dice): string {
  const about = intent.title === '' ? 'that' : `"${intent.title}"`;
  switch (intent.missing) {
    case 'nothing':
      return pick(CONFIRM, dice).replace('{about}', () => about);
    case 'half-of-day':
      return pick(HALF_OF_DAY, dice).replace('{about}', () => about);
    case 'frequency':
      return pick(FREQUENCY, dice).replace('{about}', () => about);
    case 'subject':
      return pick(SUBJECT, dice);
    case 'which':
      return pick(WHICH, dice).replace('{about}', () => about);
    case 'time':
      return pick(TIME, dice).replace('{about}', () => about);
    default:
      return unreachable(intent.missing);
  }
}

/** An answer in plain words, for when there is nothing to do. */
export function plainAnswer(intent: Intent, dice: Dice): string {
  if (/ thanks | thank you /.test(intent.phrases)) return pick(THANKS, dice);
  if (/ never mind | already | no need /.test(intent.phrases)) return pick(NOTHING, dice);
  return pick(SIMULATED, dice);
}

/** A clear wish that none of the offered tools can fulfil. */
export function withoutTool(intent: Intent, dice: Dice): string {
  return pick(WITHOUT_TOOL, dice).replace('{about}', () =>
    intent.title === '' ? 'that' : `"${intent.title}"`,
  );
}

/** What is said after a tool has answered. */
export function closing(dice: Dice): string {
  return pick(CLOSINGS, dice);
}

const CONFIRM = [
  'Shall I take care of {about} as you say?',
  'I have understood {about}. Should I go ahead?',
  'Before I do it: is {about} right like this?',
] as const;

const TIME = [
  'What day and time should I set {about} for?',
  'When would you like {about}? Please give me a day and a time.',
  'Happy to help with {about}. Which day and time suit you?',
] as const;

const HALF_OF_DAY = [
  'What exact time should I use for {about}, in the morning or later in the day?',
  'Just to be sure about {about}: which time exactly, am or pm?',
  'At what time exactly should {about} be?',
] as const;

const FREQUENCY = [
  'How often, and at what time of day, should I remind you of {about}?',
  'Would a regular reminder for {about} help? If so, how often and when?',
  'I can remind you of {about}. Which days and what time work best?',
] as const;

const SUBJECT = [
  'What should the reminder be about?',
  'Which thing do you mean? Tell me in a few words what I should call it.',
  'Could you tell me what exactly I should put down?',
] as const;

const WHICH = [
  'Which one do you mean by {about}?',
  'You may have more than one entry like {about}. Which one should I change?',
  'Could you tell me which entry you mean by {about}, for example its day or who is in it?',
] as const;

const THANKS = [
  'You are welcome!',
  'Glad that it helped!',
  'My pleasure. Tell me when something comes up.',
] as const;

const NOTHING = [
  'All right, nothing to do then.',
  'Good, I leave everything as it is.',
  'Understood, I have not changed anything.',
] as const;

const SIMULATED = [
  'There is nothing to schedule here. I am a simulation and no model, so I cannot answer the question itself.',
  'That needs no entry. This is a simulated answer: a real model would explain it now.',
  'Nothing to put down. As a simulation I have no answer to this one.',
] as const;

const WITHOUT_TOOL = [
  'I would take care of {about}, but I have been given no tool for it.',
  'There is no tool here with which I could do {about}.',
  'I understand what you want with {about}, but I have nothing to do it with.',
] as const;

const CLOSINGS = ['Done.', 'That is done.', 'All set.'] as const;
