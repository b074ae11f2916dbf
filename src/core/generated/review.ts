// Generated from schema/review.schema.json by `npm run generate`. Do not edit.

/**
 * Every line of deck.jsonl and verdicts/*.jsonl, and every JSON file of artifacts/<experiment>/reviews/<id>/, is one of these.
 */
export type ReviewLine = DeckHead | DeckCard | VerdictLine | SealedKey | ProtocolFile | ClosedReview;
export type ReviewId = string;
export type Name = string;
export type Mode = 'single' | 'pair';
export type Time = string;
/**
 * Of the deck. In a reader's order places have names of their own.
 */
export type Card = string;
export type Text = string | null;
export type Digest = string;
export type Reviewer = string;

/**
 * First line of deck.jsonl; a card a line follows.
 */
export interface DeckHead {
  type: 'deck';
  v: 1;
  review: ReviewId;
  experiment: Name;
  /**
   * SHA-256 of the protocol's canonical JSON.
   */
  protocol: string;
  /**
   * SHA-256 of dimensions, labels, pass and mode alone; it stands in every verdict.
   */
  rubric: string;
  /**
   * SHA-256 of the bytes of key.sealed.json, which holds a nonce of 256 bits.
   */
  key_sha256: string;
  mode: Mode;
  cards: number;
  created_at: Time;
}
/**
 * One distinct answer of a scenario, or two of different arms. It names no arm.
 */
export interface DeckCard {
  type: 'card';
  v: 1;
  /**
   * Who reads it: everybody at the beginning, everybody, or the reader of this place.
   */
  part: ('calibration' | 'all') | number;
  card: Card;
  scenario: Name;
  category: Text;
  description: Text;
  input: Message[];
  /**
   * @minItems 1
   * @maxItems 2
   */
  answers: [CardAnswer, ...CardAnswer[]];
}
export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  content:
    | string
    | null
    | {
        [k: string]: unknown;
      }[];
  [k: string]: unknown;
}
export interface CardAnswer {
  /**
   * Of the output that is judged.
   */
  answer: string;
  text: Text;
  toolCalls: {
    name: string;
    arguments: unknown;
  }[];
  turns: Message[];
  tools: CardTool[];
}
export interface CardTool {
  name: string;
  description: Text;
  parameters: string[];
}
/**
 * One line of verdicts/<reviewer>.jsonl.
 */
export interface VerdictLine {
  type: 'verdict';
  v: 1;
  review: ReviewId;
  card: Card;
  /**
   * Which of two looks at a repeated card; 1 = the first.
   */
  look: number;
  /**
   * Digest of the answer; of a pair both, left and right.
   */
  answer: string;
  rubric: Digest;
  /**
   * Dimension -> label; of a pair left, right or tie.
   */
  labels: {
    [k: string]: string;
  };
  note: Text;
  flags: string[];
  /**
   * I can tell which arm.
   */
  tells: boolean;
  guess: string | null;
  reviewer: Reviewer;
  at: Time;
  took_ms: number;
  /**
   * The newest of a card and look counts.
   */
  revision: number;
  /**
   * Taken back: the card is open again.
   */
  undone?: true;
  /**
   * Settles a card that reviewers disagree on.
   */
  adjudicates?: true;
  /**
   * SHA-256 of the line before it without its line end, or of the bytes of deck.jsonl where it is the first.
   */
  prev: string;
  /**
   * Gapless number of the line in its file.
   */
  n: number;
  /**
   * First 128 bits of the SHA-256 of all bytes of the line before it. Always the last field.
   */
  c: string;
}
/**
 * key.sealed.json: whose answers the cards are.
 */
export interface SealedKey {
  v: 1;
  review: ReviewId;
  /**
   * 256 bits of chance.
   */
  nonce: string;
  cards: {
    /**
     * @minItems 1
     * @maxItems 2
     */
    [k: string]: [SealedAnswer, ...SealedAnswer[]];
  };
  /**
   * Card -> name that is shown -> name that it stands for.
   */
  tools: {
    [k: string]: {
      [k: string]: string;
    };
  };
}
export interface SealedAnswer {
  answer: Digest;
  /**
   * @minItems 1
   */
  cells: [
    {
      variant: Name;
      run: number;
      key: Digest;
      generation: number;
    },
    ...{
      variant: Name;
      run: number;
      key: Digest;
      generation: number;
    }[],
  ];
}
/**
 * protocol.json.
 */
export interface ProtocolFile {
  v: 1;
  review: ReviewId;
  experiment: Name;
  protocol: Protocol;
  protocol_digest: Digest;
  rubric_digest: Digest;
  seed: number;
  /**
   * SHA-256 over keys, generations and answers of all cells in the deck.
   */
  records_digest: string;
  argv: string[];
  started_at: Time;
  started_by: string;
  /**
   * Letter of the guess block -> variant, in the manifest's order.
   */
  arms: {
    [k: string]: Name;
  };
  /**
   * In the order in which they began: the first reads the first share.
   */
  readers: Reviewer[];
  leak: LeakCheck;
  breaches: Breach[];
}
export interface Protocol {
  /**
   * @minItems 1
   */
  dimensions: [
    {
      name: Name;
      question: string;
    },
    ...{
      name: Name;
      question: string;
    }[],
  ];
  /**
   * @minItems 2
   */
  labels: [
    {
      name: Name;
      value: number;
      anchor: string;
    },
    {
      name: Name;
      value: number;
      anchor: string;
    },
    ...{
      name: Name;
      value: number;
      anchor: string;
    }[],
  ];
  pass: string;
  reviewers: number;
  overlap: number;
  mode: Mode;
  mask: ('variant' | 'run' | 'tokens' | 'latency' | 'tools' | 'arguments')[];
  order: 'by-scenario' | 'shuffled';
  repeats: number;
}
export interface LeakCheck {
  auc: number | null;
  tells: {
    token: string;
    weight: number;
  }[];
}
export interface Breach {
  at: Time;
  user: string;
  kind: 'unblind' | 'reveal' | 'accept-leak';
  what: string;
  reason: Text;
}
/**
 * closed.json: what counts from then on.
 */
export interface ClosedReview {
  v: 1;
  review: ReviewId;
  closed_at: Time;
  closed_by: string;
  hashes: {
    [k: string]: Digest;
  };
  rubric: Digest;
  scores: HumanScore[];
  preferences: HumanPreference[];
  /**
   * Bang's index of each arm: 0 = no better than chance, 1 = every reader could tell.
   */
  blinding: Blinding[];
}
export interface HumanScore {
  scenario: Name;
  answer: Digest;
  dimension: Name;
  score: number;
  passed: boolean | null;
  labels: {
    reviewer: Reviewer;
    label: string;
  }[];
  adjudicated: boolean;
  notes: string[];
}
export interface HumanPreference {
  scenario: Name;
  dimension: Name;
  left: PreferredSide;
  right: PreferredSide;
  reviewer: Reviewer;
  said: 'left' | 'right' | 'tie';
}
export interface PreferredSide {
  variant: Name;
  run: number;
  answer: Digest;
}
export interface Blinding {
  arm: Name;
  guesses: number;
  right: number;
  unsure: number;
  index: number;
}
