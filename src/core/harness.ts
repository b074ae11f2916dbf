// Variants beyond a prompt: own code, programs, pytest, MCP servers, and what makes them what they are. Plain data.

import type { ChatMessage, Tool } from './chat.ts';
import type { Json, JsonObject } from './json.ts';
import type { ProxyOrder, ProxySettings } from './proxy.ts';

/** A file by the digest of its bytes; the path is relative to the manifest's folder, with forward slashes. */
export type CodeFile = { readonly path: string; readonly digest: string };

/** What code consists of: its files within the project, and the packages that it names, by version. Sorted. */
export type Code = {
  readonly files: readonly CodeFile[];
  readonly packages: readonly { readonly name: string; readonly version: string }[];
};

/** What a process sees of the environment: little, what is written, and what is passed on by name. */
export type ProcessEnv = {
  readonly set: { readonly [name: string]: string };
  readonly pass: readonly string[];
  /** A file of further variables, relative to the manifest's folder: read when the process is started, kept nowhere. */
  readonly file?: string;
};

export type ModuleHarness = {
  readonly kind: 'module';
  /** Only where its clients are recorded. Transport: it enters no key. */
  readonly proxy?: ProxySettings;
  /** Relative to the manifest's folder. */
  readonly file: string;
  /** Attempts that one thread is given at a time; absent = one. Transport: it enters no key. */
  readonly inFlight?: number;
  readonly code: Code;
};

export type CommandHarness = {
  readonly kind: 'command';
  /** Only where its clients are recorded. Transport: it enters no key. */
  readonly proxy?: ProxySettings;
  readonly argv: readonly string[];
  readonly protocol: 'once' | 'stream';
  readonly env: ProcessEnv;
  /** At one time. */
  readonly processes: number;
  /** Tasks that one process of the stream protocol is given at a time. */
  readonly inFlight: number;
  readonly code: Code;
};

export type PytestHarness = {
  readonly kind: 'pytest';
  /** Only where its clients are recorded. Transport: it enters no key. */
  readonly proxy?: ProxySettings;
  readonly paths: readonly string[];
  readonly python: string;
  readonly args: readonly string[];
  readonly variantsFrom: { readonly kind: 'param' | 'marker' | 'env'; readonly name: string };
  /** What the harness calls this variant. */
  readonly variant: string;
  /** null = every parameter that is not the variant's. */
  readonly scenarioParam: string | null;
  /** The parameter that counts the runs; null = pytest-repeat, or nobody but us. */
  readonly runsFrom: string | null;
  /** The manifest says no `runs`: there are as many as the harness makes (--count, a mark, `runsFrom`). */
  readonly hasOwnRuns: boolean;
  readonly collect: {
    readonly files: string;
    readonly fields: { readonly [ours: string]: string };
    /** What their first run is called; null = 0 where a line of theirs says 0, else 1. */
    readonly runsFrom: 0 | 1 | null;
  } | null;
  /** What a test is that passed and recorded nothing. */
  readonly empty: 'failed' | 'allowed';
  readonly batch: number;
  /** For its own end, once its last item is done. */
  readonly endTimeoutMs: number;
  readonly env: ProcessEnv;
  readonly code: Code;
  /** What pytest collects of it; null = it was not asked yet. No order carries it. */
  readonly survey: PytestSurvey | null;
  /** What of its code this variant reaches; null = nobody can tell: every file counts. No order carries it. */
  readonly reach: PytestReach | null;
};

/** By definition, not by file (python/expgraph_reach.py). */
export type PytestReach = {
  /** Digest by `file:name`: a function, a class, an assignment, an import that one of these uses. */
  readonly counts: { readonly [unit: string]: string };
  /** What only makes the values of parameters: pytest tells these one by one. */
  readonly values: { readonly [unit: string]: string };
  /** All there is that may run: functions, classes, what runs when a file is imported (`file:(module)`). */
  readonly units: readonly string[];
  /** Settings of pytest, as they are read. */
  readonly settings: { readonly [file: string]: JsonObject };
  /** Files of `code` that `counts` and `settings` tell of. */
  readonly told: readonly string[];
  /** Whether a test asks for the model and its settings (the fixture `expgraph`). */
  readonly usesSettings: boolean;
  /** Fields of a scenario that are copied as a label, and that nothing else reads. */
  readonly labels: readonly string[];
  /** Texts of the code that makes values of parameters: among them the names of files that it reads. */
  readonly valueTexts: readonly string[];
  /** Whether any other code may read a file. */
  readonly readsFiles: boolean;
  /** All that the manifest knows, as the harness calls them. */
  readonly variants: readonly string[];
  /**
   * Every file that is opened has a name that is written there, or is the variant's with an ending: of files that begin with a
   * variant's name, those that are written somewhere. null = any file may be opened for any variant.
   */
  readonly ofVariants: readonly string[] | null;
  /** Where names could not be told apart, and so count for all. */
  readonly why: readonly { readonly unit: string; readonly why: string }[];
  /** What is written, by digest: to show what an edit changed. */
  readonly sources: { readonly [digest: string]: string };
};

export type PytestSurvey = {
  /** Everything it hangs on stands as it did when pytest was asked. Commands that only read take what is kept. */
  readonly isCurrent: boolean;
  /** In pytest's order; of all variants, and of those that -k, -m, node ids or a conftest took out, too. */
  readonly items: readonly SurveyItem[];
};

export type SurveyItem = {
  readonly nodeid: string;
  readonly function: string;
  /** Relative to pytest's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number | null;
  /** As the harness calls it; null = the item belongs to no variant. */
  readonly variant: string | null;
  readonly scenario: string;
  /** From 1, where the harness repeats by itself; null = whoever runs it says which run it is. */
  readonly run: number | null;
  /** The value as canonical JSON (python/expgraph_canonical.py): `$type`, `$ref`, `$opaque`, ... tell what JSON has not. */
  readonly params: { readonly [name: string]: { readonly id: string; readonly value: Json } };
  readonly markers: readonly { readonly name: string; readonly args: readonly Json[] }[];
  readonly deselected: boolean;
};

export type Harness = ModuleHarness | CommandHarness | PytestHarness;

export type McpServer = {
  readonly command: readonly string[] | null;
  readonly url: string | null;
  readonly env: ProcessEnv;
  /** Names of the tools that are offered; null = all. */
  readonly only: readonly string[] | null;
  readonly code: Code;
  /** What the server said of itself when it was last asked; null = it was not yet. */
  readonly seen: McpSeen | null;
};

export type McpSeen = {
  readonly name: string;
  readonly version: string;
  readonly tools: readonly Tool[];
};

export type PrepareStep = {
  readonly argv: readonly string[];
  readonly env: ProcessEnv;
  readonly timeoutMs: number;
  readonly inputs: readonly CodeFile[];
  /** Globs of what it makes. */
  readonly outputs: readonly string[];
  /** What is there of it now. */
  readonly made: readonly CodeFile[];
  readonly code: Code;
};

/** What own code and programs are told of the cell. What is expected of the answer is not among it. */
export type HarnessScenario = {
  readonly id: string;
  readonly input: string | readonly ChatMessage[];
  readonly category: string | null;
  readonly vars: JsonObject;
  readonly toolResults: JsonObject;
};

/** Travels with an order whose work is not ours. */
export type HarnessOrder = {
  readonly harness: Harness;
  readonly scenario: HarnessScenario;
  readonly maxTurns: number;
  /** Only where its clients are recorded, and only for this attempt. */
  readonly proxy?: ProxyOrder;
  /** How many there are of the cell. */
  readonly runs?: number;
};
