// What judges an answer: scorers as the manifest resolves them, checks as plain data, verdicts. A score hangs on the digest
// of the output that it judges, so a scorer sees of an output exactly what that digest is made of.
import type { ChatMessage } from './chat.ts';
import type { Frame } from './frame.ts';
import type { CommandHarness, ModuleHarness } from './harness.ts';
import type { Json, JsonObject } from './json.ts';
import type { TestOutcome } from './tested.ts';

/** Rules are decided here, by no model and no other program. */
export type RuleKind =
  | 'expect'
  | 'exact'
  | 'contains'
  | 'regex'
  | 'json'
  | 'tool_calls'
  | 'numeric'
  | 'clarify'
  | 'finish_reason'
  | 'refused'
  | 'autoevals';

export type ScorerKind = RuleKind | 'outcome' | 'precomputed' | 'judge' | 'embedding' | 'code' | 'command';

/** Which scenarios a scorer is about; empty lists = all. Globs over ids, names of categories, tags. */
export type ScorerScope = {
  readonly scenario: readonly string[];
  readonly category: readonly string[];
  readonly tag: readonly string[];
};

type Common = {
  /** Unique; names a score in files, tables and LangSmith's feedback. */
  readonly name: string;
  /** Its files start with this; unique without regard to case. */
  readonly slug: string;
  readonly scope: ScorerScope;
  /** A score of at least this passes, 0..1. A verdict that says pass or fail itself outranks it. */
  readonly passAt: number;
  /** A file of answers that people judged, from the manifest's folder; counts in no key. Only where one is named. */
  readonly calibrate?: string;
};

export type RuleScorer = Common & {
  readonly kind: RuleKind;
  /** Beside the expectation: case, order, tolerance, and an expectation for all scenarios. As written, defaults filled in. */
  readonly options: JsonObject;
};

/** What a test's own assertions said. Outcomes in neither list are told by their name, and neither pass nor fail. */
export type OutcomeScorer = Common & {
  readonly kind: 'outcome';
  readonly passes: readonly TestOutcome[];
  readonly fails: readonly TestOutcome[];
  /** Only where others are there and nobody named it: it passes or fails an answer, and moves no mean of theirs. */
  readonly isBeside?: true;
};

/** Takes a score that the answer came with, as an import or own code kept it; it asks nobody. */
export type PrecomputedScorer = Common & {
  readonly kind: 'precomputed';
  /** As the file calls it. */
  readonly score: string;
  /** What is 0 and what is 1 on its scale; null = it is from 0 to 1. */
  readonly range: readonly [number, number] | null;
};

export type JudgeScorer = Common & {
  readonly kind: 'judge';
  /** A name among the manifest's providers. */
  readonly provider: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  readonly params: JsonObject;
  readonly seed: number | null;
  readonly system: string | null;
  /** A template over {{input}}, {{output}}, {{tool_calls}}, {{expect}}, {{rubric}}, {{id}}, {{category}}, {{vars.x}}. */
  readonly prompt: string;
  /** What a good answer is, for all scenarios; null = each scenario says it (`expect.judge`). */
  readonly rubric: string | null;
  /** Score by category, in the order of the manifest; null = the judge gives a number 0..1. */
  readonly choices: { readonly [label: string]: number } | null;
  /** Independent judgements of one output: each is a task of its own. */
  readonly votes: number;
  /** Only of judges whose model is asked by a package, once it has been built (project/open). */
  readonly frame?: Frame;
  /** Two answers are shown, this one and that of the variant `against`, once in each order. Only where it is asked for. */
  readonly pairwise?: { readonly against: string };
};

/** How near an answer's text is to a reference, as a model's vectors have it. */
export type EmbeddingScorer = Common & {
  readonly kind: 'embedding';
  /** A name among the manifest's providers. */
  readonly provider: string;
  readonly model: string;
  /** Numbers of a vector, where the provider takes that; null = as the model has it. */
  readonly dimensions: number | null;
  readonly params: JsonObject;
  /** For all scenarios; null = each scenario says it. */
  readonly reference: string | null;
};

/** `export default defineScorer(...)` in a module of the user's. */
export type CodeScorer = Common & {
  readonly kind: 'code';
  readonly harness: ModuleHarness;
  readonly options: JsonObject;
};

/** JSON on stdin, a verdict as JSON on stdout. */
export type CommandScorer = Common & {
  readonly kind: 'command';
  readonly harness: CommandHarness;
  readonly options: JsonObject;
};

export type Scorer =
  | RuleScorer
  | OutcomeScorer
  | PrecomputedScorer
  | JudgeScorer
  | EmbeddingScorer
  | CodeScorer
  | CommandScorer;

/** What is judged: exactly what `output_digest` is made of. */
export type JudgedOutput = {
  readonly text: string;
  readonly tool_calls: readonly {
    readonly name: string;
    readonly arguments: JsonObject;
    /** The model's own text where it was no JSON object. */
    readonly arguments_text?: string;
  }[];
  readonly finish_reason: string | null;
  /** The provider's or the model's words where it refused; absent = it did not. */
  readonly refusal?: string;
};

/** One value held against an expectation. All fields that are there must hold. */
export type ValueCheck = {
  readonly equals?: Json;
  /** Case is ignored; white space counts as one blank. */
  readonly contains?: string;
  /** JavaScript's syntax with the flags u and s; `(?i)` at the start ignores case. */
  readonly regex?: string;
  /** JSON Schema. */
  readonly schema?: JsonObject;
  readonly one_of?: readonly Json[];
  /** A list of the same items, in any order. */
  readonly same_items?: readonly Json[];
  readonly at_least?: number;
  readonly at_most?: number;
  /** ISO 8601 moments; a value without an offset is taken as UTC. */
  readonly at?: string;
  readonly before?: string;
  readonly after?: string;
  /** HH:MM, in UTC: the time of day of a moment, whatever its day, or a time of day as it stands. */
  readonly time?: string;
  /** false = the value must not be there. */
  readonly present?: boolean;
};

/** A call that is expected. `arguments` by dotted path; what is not named is free. */
export type CallCheck = {
  /** One of these names; empty = any. */
  readonly names: readonly string[];
  readonly arguments: { readonly [path: string]: ValueCheck };
};

/** An expectation with nothing left to look up: the variant's tools are filled in. Plain data; a part of the score's key. */
export type Check =
  | { readonly kind: 'exact'; readonly text: string; readonly trim: boolean; readonly ignoreCase: boolean }
  | {
      readonly kind: 'contains';
      readonly all: readonly string[];
      readonly any: readonly string[];
      readonly none: readonly string[];
      readonly ignoreCase: boolean;
    }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string; readonly matches: boolean }
  | {
      readonly kind: 'json';
      /** Of the answer's text, of a fenced block in it, or of what stands between its words. */
      readonly schema: JsonObject | null;
      readonly values: { readonly [path: string]: ValueCheck };
      readonly equals?: Json;
    }
  | {
      readonly kind: 'tool_calls';
      readonly calls: readonly CallCheck[];
      /** any: in any order; given: in this order; */
      readonly order: 'any' | 'given';
      /** Whether calls beside the expected ones are fine. */
      readonly extra: 'allowed' | 'refused';
    }
  | {
      readonly kind: 'numeric';
      readonly value: number;
      /** Absolute. */
      readonly tolerance: number;
      /** Relative to the value, 0..1. */
      readonly relative: number;
      /** All digits of a whole number that `value` cannot hold. */
      readonly digits?: string;
      /** BCP 47: how the answer writes numbers; absent = as it says itself, else as English does. */
      readonly locale?: string;
    }
  /** Asks back and calls nothing. */
  | { readonly kind: 'clarify'; readonly clarify: boolean }
  /** One of these words, as the provider said it. */
  | { readonly kind: 'finish_reason'; readonly words: readonly string[] }
  /** By the provider's word, not by the answer's tone. */
  | { readonly kind: 'refused'; readonly refused: boolean }
  | {
      readonly kind: 'autoevals';
      readonly scorer: string;
      readonly expected: Json;
      readonly options: JsonObject;
    }
  | { readonly kind: 'all'; readonly of: readonly Check[] }
  | { readonly kind: 'any'; readonly of: readonly Check[] }
  | { readonly kind: 'not'; readonly of: Check };

/** What a scorer says of one output. */
export type Verdict = {
  /** 0..1; null = only a category. */
  readonly score: number | null;
  /** null = the scorer does not say. */
  readonly passed: boolean | null;
  /** Only where the scorer said itself whether it passes: no threshold moves that. */
  readonly saysPassed?: true;
  /** A category; null = none. */
  readonly label: string | null;
  /** In words, for people; null = none. Of a rule: what was expected and what was there. */
  readonly reason: string | null;
  /** What else it tells; only where it does. */
  readonly details?: JsonObject;
};

/** What own scorers and judges are told of the scenario. */
export type ScoredScenario = {
  readonly id: string;
  readonly input: string | readonly ChatMessage[];
  readonly category: string | null;
  readonly vars: JsonObject;
  readonly expect: Json;
};

/**
 * Intents by name, and what each is in a variant's tools. Keys of the inner object are globs over variants' names.
 * In the manifest, in `defaults:` of a scenario file and in a scenario; the nearer one wins, intent by intent.
 */
export type ExpectsTools = {
  readonly [intent: string]: { readonly [variant: string]: IntentTool };
};

/** `arguments`: value checks by dotted path, in which `{{title}}` stands for a field of the expectation beside `intent`. */
export type IntentTool = {
  readonly name: string;
  readonly arguments: { readonly [path: string]: ValueCheck };
};

/** What is known of one scorer's word on one cell. */
export type CellScore = {
  readonly scorer: string;
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly label: string | null;
  /** Why there is no verdict; null = there is one. A failed scorer is a missing score, never a zero. */
  readonly missing: 'not-run' | 'failed' | null;
  /** Only of a scorer that nobody named, beside others: its number is in no mean. */
  readonly isBeside?: true;
  /** Only of one that holds arms against an arm: that arm has no number, so it is in no mean and no verdict of all scorers. */
  readonly isPair?: true;
};

/** Verdicts by what they hang on: scorers that do not apply to a scenario are left out. */
export type ScoreBook = {
  readonly scorers: readonly string[];
  /** Of these, those whose numbers are in no mean. */
  readonly beside?: readonly string[];
  /** Of these, those that hold arms against an arm. */
  readonly pairs?: readonly string[];
  of(cell: {
    readonly variant: string;
    readonly scenario: string;
    /** What is held against another arm's answer is held against that of the same run. */
    readonly run: number;
    readonly outputDigest: string;
    /** What was said of it where it was made (core/test-statements.ts); null = nothing. Equal answers may be told otherwise. */
    readonly tested: string | null;
    /** An odd end of it (core/record-ending.ts); null = an ordinary one. Judges are told. */
    readonly ending: string | null;
  }): readonly CellScore[];
};
