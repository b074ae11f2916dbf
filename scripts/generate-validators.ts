// Writes src/manifest/generated/validators.ts: ajv compiles the schemas here and not at each start, where loading and
// compiling took 70 ms of a start-up that has 80 to spend. The schema stays the one truth; a test compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const recordTarget = `${root}src/exchange/generated/record-check.ts`;
const reviewTarget = `${root}src/review/generated/review-check.ts`;
const target = `${root}src/manifest/generated/validators.ts`;

/** Exported name -> the schema that it checks. */
const CHECKS = {
  checkExperiment: 'experiment.schema.json',
  checkVariant: 'experiment.schema.json#/definitions/variant',
  checkTool: 'experiment.schema.json#/definitions/tool',
  checkMessage: 'experiment.schema.json#/definitions/message',
  checkIntents: 'experiment.schema.json#/definitions/intents',
  checkPriceList: 'experiment.schema.json#/definitions/price-list',
  checkSimAnswers: 'experiment.schema.json#/definitions/sim-answers',
  checkScenario: 'scenario.schema.json#/definitions/scenario',
  checkSaid: 'scenario.schema.json#/definitions/message',
  checkPart: 'scenario.schema.json#/definitions/part',
  checkDefaults: 'scenario.schema.json#/definitions/defaults',
};

/** The same of the files of a review. */
const REVIEW_CHECKS = {
  checkDeckHead: 'deckHead',
  checkDeckCard: 'deckCard',
  checkVerdictLine: 'verdictLine',
  checkSealedKey: 'sealedKey',
  checkProtocolFile: 'protocolFile',
  checkClosedReview: 'closedReview',
};

const HEAD = `// Generated from schema/*.schema.json by \`npm run generate\`. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// @ts-nocheck
import { codePoints } from '../errors/code-points.ts';
`;

const RECORD_HEAD = HEAD.replace("import { codePoints } from '../errors/code-points.ts';\n", '');

export function validatorsSource(): string {
  // Words are ours (schema-words.ts), and allErrors is what makes every mistake visible at once.
  const ajv = new Ajv({
    ...{ allErrors: true, messages: false, inlineRefs: false, strict: false },
    code: { source: true, esm: true, lines: true },
  });
  for (const name of ['experiment', 'scenario']) {
    const schema: unknown = JSON.parse(readFileSync(`${root}schema/${name}.schema.json`, 'utf8'));
    ajv.addSchema(withoutProse(schema) as object);
  }
  const base = 'https://expgraph.dev/schema/';
  const refs = Object.fromEntries(Object.entries(CHECKS).map(([name, ref]) => [name, base + ref]));
  const code = (
    standalone as unknown as { default: typeof import('ajv/dist/standalone/index.js').default }
  ).default(ajv, refs);
  return (
    HEAD +
    code
      .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'codePoints')
      .replace('"use strict";\n', '')
  );
}

/** Of records that an import brings: apart, so that no manifest loads it. */
export function recordCheckSource(): string {
  const ajv = new Ajv({
    ...{ messages: false, inlineRefs: false, strict: false, validateFormats: false },
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema(withoutProse(JSON.parse(readFileSync(`${root}schema/record.schema.json`, 'utf8'))) as object);
  const code = (
    standalone as unknown as { default: typeof import('ajv/dist/standalone/index.js').default }
  ).default(ajv, {
    checkRecord: 'https://expgraph.dev/schema/record.schema.json#/definitions/scenarioResult',
  });
  return RECORD_HEAD + code.replace('"use strict";\n', '');
}

/** Of the files of a review: apart, so that neither manifests nor imports load it. */
export function reviewCheckSource(): string {
  const ajv = new Ajv({
    ...{ messages: false, inlineRefs: false, strict: false, validateFormats: false },
    // Lengths only bound what is hostile: units of UTF-16 do as well as characters.
    ...{ unicode: false, logger: false },
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema(withoutProse(JSON.parse(readFileSync(`${root}schema/review.schema.json`, 'utf8'))) as object);
  const base = 'https://expgraph.dev/schema/review.schema.json#/definitions/';
  const refs = Object.fromEntries(Object.entries(REVIEW_CHECKS).map(([name, ref]) => [name, base + ref]));
  const code = (
    standalone as unknown as { default: typeof import('ajv/dist/standalone/index.js').default }
  ).default(ajv, refs);
  return RECORD_HEAD + code.replace('"use strict";\n', '');
}

/** The compiled code carries copies of the schemas: what only people read stays out. */
function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !((name === 'description' || name === 'title') && typeof value === 'string'))
      .map(([name, value]) => [name, withoutProse(value)]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(fileURLToPath(new URL('../src/manifest/generated', import.meta.url)), { recursive: true });
  writeFileSync(target, validatorsSource());
  mkdirSync(fileURLToPath(new URL('../src/exchange/generated', import.meta.url)), { recursive: true });
  writeFileSync(recordTarget, recordCheckSource());
  mkdirSync(fileURLToPath(new URL('../src/review/generated', import.meta.url)), { recursive: true });
  writeFileSync(reviewTarget, reviewCheckSource());
}
