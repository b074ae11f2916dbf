// Blind review: a protocol before data, cards that name no arm, verdicts that only grow. docs/review.md says what they are for.
import type { ChatMessage } from './chat.ts';
import type { Json } from './json.ts';

export type ReviewMode = 'single' | 'pair';
/** What is kept from readers. `variant`, `run`, `tokens` and `latency` always are; `tools` hides names, `arguments` theirs. */
export type Masked = 'variant' | 'run' | 'tokens' | 'latency' | 'tools' | 'arguments';

/** `review:` of a manifest, nothing optional left in it. */
export type ReviewProtocol = {
  /** The first is the primary one: any gap in it is adjudicated. */
  readonly dimensions: readonly { readonly name: string; readonly question: string }[];
  /** From the best to the worst by value, each with the sentence that anchors it. */
  readonly labels: readonly { readonly name: string; readonly value: number; readonly anchor: string }[];
  /** When a card passes: `no LABEL` (no dimension has it), `all LABEL` (each is at least it). */
  readonly pass: string;
  /** Who reads each card that is read by several; 1 = nobody. */
  readonly reviewers: number;
  /** Share of cards that all reviewers read, 0..1; 1 = every card. */
  readonly overlap: number;
  readonly mode: ReviewMode;
  readonly mask: readonly Masked[];
  readonly order: 'by-scenario' | 'shuffled';
  /** Share of cards that a reader is shown a second time without being told. */
  readonly repeats: number;
};

export type CardTool = {
  /** `tool A` where names are masked. */
  readonly name: string;
  readonly description: string | null;
  readonly parameters: readonly string[];
};

export type CardAnswer = {
  /** Of the output that is judged. */
  readonly answer: string;
  readonly text: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: Json }[];
  readonly turns: readonly ChatMessage[];
  readonly tools: readonly CardTool[];
};

/** One card: a distinct answer of a scenario, or in pair mode two of different arms, left and right. */
export type CardContent = {
  /** `c001`; in a reader's order a repeat has a name of its own that nobody can tell from others. */
  readonly card: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly description: string | null;
  readonly input: readonly ChatMessage[];
  /** One, or left and right. */
  readonly answers: readonly CardAnswer[];
};

/** First line of deck.jsonl; a card a line follows. */
export type DeckHead = {
  readonly type: 'deck';
  readonly v: 1;
  readonly review: string;
  readonly experiment: string;
  /** SHA-256 of the protocol's canonical JSON: rubric, mode, mask, order. */
  readonly protocol: string;
  /** SHA-256 of dimensions, labels, pass and mode alone: it stands in every verdict. */
  readonly rubric: string;
  /** SHA-256 of the bytes of key.sealed.json, which holds a nonce of 256 bits. */
  readonly key_sha256: string;
  readonly mode: ReviewMode;
  readonly cards: number;
  readonly created_at: string;
};
export type DeckCard = {
  readonly type: 'card';
  readonly v: 1;
  /** `calibration`: everybody begins with it; `all`: everybody reads it; else the reader's place, from 1, whose share it is in. */
  readonly part: 'calibration' | 'all' | number;
} & CardContent;

/** key.sealed.json, mode 0600. */
export type SealedKey = {
  readonly v: 1;
  readonly review: string;
  readonly nonce: string;
  readonly cards: Readonly<Record<string, readonly SealedAnswer[]>>;
  /** Names that stand for tools on cards: card -> shown -> real. The same letter is another tool on another card. */
  readonly tools: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
/** Whose answer it is: of one card one, of a pair two, left and right. */
export type SealedAnswer = {
  readonly answer: string;
  readonly cells: readonly {
    readonly variant: string;
    readonly run: number;
    readonly key: string;
    readonly generation: number;
  }[];
};

/** One line of verdicts/<reviewer>.jsonl. */
export type VerdictLine = {
  readonly type: 'verdict';
  readonly v: 1;
  readonly review: string;
  readonly card: string;
  /** Place in this reader's order: which of two looks at a repeated card it is. 1 = the first. */
  readonly look: number;
  /** Digest of the answer, of a pair both, left and right joined by a space. */
  readonly answer: string;
  readonly rubric: string;
  /** Dimension -> label; in pair mode `left`, `right` or `tie`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly note: string | null;
  readonly flags: readonly string[];
  /** "I can tell which arm", and the arm that is guessed, by the letter that the guess block shows; null = not ticked. */
  readonly tells: boolean;
  readonly guess: string | null;
  readonly reviewer: string;
  readonly at: string;
  readonly took_ms: number;
  /** From 1; the newest of a card and look counts. */
  readonly revision: number;
  /** Taken back: the card is open again. */
  readonly undone?: true;
  /** Settles a card that reviewers disagree on: reviewer `adjudication`'s line, with who did it in `reviewer`. */
  readonly adjudicates?: true;
  /** SHA-256 of the line before it without its line end, or of the bytes of deck.jsonl where it is the first. */
  readonly prev: string;
  /** Gapless number of the line in its file, from 1. */
  readonly n: number;
  /** First 128 bits of the SHA-256 of all bytes of the line before it, as lines of the store end. Always the last. */
  readonly c: string;
};

/** A verdict as pages and files hand it in: the place where it is kept gives `prev`, `revision` and time. */
export type NewVerdict = Pick<
  VerdictLine,
  'card' | 'look' | 'labels' | 'note' | 'flags' | 'tells' | 'guess' | 'took_ms'
> & { readonly undone?: true };

export type SavedVerdict = NewVerdict & Pick<VerdictLine, 'revision' | 'at'>;

/** What broke the blinding, each once: commands with --unblind, names of tools that were revealed. */
export type Breach = {
  readonly at: string;
  readonly user: string;
  readonly kind: 'unblind' | 'reveal' | 'accept-leak';
  /** The command, or the card. */
  readonly what: string;
  readonly reason: string | null;
};

/** How well a plain classifier guesses the arm from what is shown, cross-validated over scenarios. */
export type LeakCheck = {
  /** Area under the curve; of more than two arms the mean over pairs. 0.5 = it cannot tell. null = too few cards. */
  readonly auc: number | null;
  /** What tells most, and not of which arm: words, names, arguments, lengths. */
  readonly tells: readonly { readonly token: string; readonly weight: number }[];
};

/** protocol.json. */
export type ProtocolFile = {
  readonly v: 1;
  readonly review: string;
  readonly experiment: string;
  readonly protocol: ReviewProtocol;
  readonly protocol_digest: string;
  readonly rubric_digest: string;
  readonly seed: number;
  /** SHA-256 over key@generation and answers of all cells in the deck, sorted. */
  readonly records_digest: string;
  /** Filters as they were given. */
  readonly argv: readonly string[];
  readonly started_at: string;
  readonly started_by: string;
  /** Letter of the guess block -> variant, in the manifest's order. Names of arms are no secret; whose answer is whose is. */
  readonly arms: Readonly<Record<string, string>>;
  /** Who reads, in the order in which they began: the first of them reads the first share of what is not read by all. */
  readonly readers: readonly string[];
  readonly leak: LeakCheck;
  readonly breaches: readonly Breach[];
};

/** closed.json: what counts from then on. */
export type ClosedReview = {
  readonly v: 1;
  readonly review: string;
  readonly closed_at: string;
  readonly closed_by: string;
  /** File in the review's folder -> SHA-256 of its bytes. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly rubric: string;
  /** One a judged answer: mean over readers, or what the adjudication said. */
  readonly scores: readonly HumanScore[];
  /** Pair mode: what was preferred, with the arms named. */
  readonly preferences: readonly HumanPreference[];
  /** What readers guessed, arm by arm; empty = nobody was asked. */
  readonly blinding: readonly BlindingIndex[];
};
/** Bang's blinding index of one arm: 0 = no better than chance, 1 = everybody could tell, below 0 = the wrong way. */
export type BlindingIndex = {
  readonly arm: string;
  readonly guesses: number;
  readonly right: number;
  /** Of `guesses`, those that said "cannot tell". */
  readonly unsure: number;
  readonly index: number;
};
export type HumanScore = {
  readonly scenario: string;
  readonly answer: string;
  /** A dimension of the protocol, or `pass`. */
  readonly dimension: string;
  /** 0..1: values of labels scaled from the worst to the best. */
  readonly score: number;
  readonly passed: boolean | null;
  readonly labels: readonly { readonly reviewer: string; readonly label: string }[];
  readonly adjudicated: boolean;
  /** Notes of readers, for tables and traces. */
  readonly notes: readonly string[];
};
export type HumanPreference = {
  readonly scenario: string;
  readonly dimension: string;
  readonly left: { readonly variant: string; readonly run: number; readonly answer: string };
  readonly right: { readonly variant: string; readonly run: number; readonly answer: string };
  readonly reviewer: string;
  readonly said: 'left' | 'right' | 'tie';
};
