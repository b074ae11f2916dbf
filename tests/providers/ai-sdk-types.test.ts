// Our own words for the specification's types, held against the specification's: the compiler is the test.
import type { EmbeddingModelV4, LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import type { CallOptionsV4, EmbeddingModel, LanguageModel } from '../../src/core/language-model.ts';

test("our types of a language model and the specification's are one another's", () => {
  const pass = <From>(one: From): From => one;
  // A function's parameters are compared both ways by their own types.
  const theirs: (one: LanguageModel) => LanguageModelV4 = pass;
  const ours: (one: LanguageModelV4) => LanguageModel = pass;
  const theirOptions: (one: CallOptionsV4) => Omit<LanguageModelV4CallOptions, 'tools' | 'responseFormat'> =
    pass;
  const ourOptions: (one: LanguageModelV4CallOptions) => CallOptionsV4 = pass;
  const embedding: (one: EmbeddingModelV4) => EmbeddingModel = pass;
  expect([theirs, ours, theirOptions, ourOptions, embedding]).toHaveLength(5);
});
