// The package's own name: what `import ... from 'expgraph'` gives.
export type {
  ChatMessage,
  Json,
  JsonObject,
  RunContext,
  VariantClient,
  VariantDefinition,
  VariantResult,
  VariantScenario,
  VariantTool,
} from './variant.ts';
export { defineVariant } from './variant.ts';
