// An answer in which nothing was said: what answers that are no model's are made from.
import type { Completion } from './outcome.ts';

export const EMPTY_COMPLETION: Completion = {
  text: '',
  toolCalls: [],
  messages: [],
  finishReason: null,
  refusal: null,
  usage: null,
  servedModel: null,
  systemFingerprint: null,
};
