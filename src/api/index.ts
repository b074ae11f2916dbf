// The package's own name: what `import ... from 'expgraph'` gives.

export type {
  ScorerContext,
  ScorerDefinition,
  ScorerOutput,
  ScorerResult,
  ScorerScenario,
} from './scorer.ts';
export { defineScorer } from './scorer.ts';
export type {
  ChatMessage,
  Json,
  JsonObject,
  RunContext,
  VariantCallOptions,
  VariantClient,
  VariantDefinition,
  VariantFormat,
  VariantLanguageModel,
  VariantMessage,
  VariantResult,
  VariantScenario,
  VariantTool,
  VariantToolParam,
} from './variant.ts';
export { defineVariant } from './variant.ts';
