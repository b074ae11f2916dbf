// What `expgraph help` explains beside the commands. Their texts are loaded only when they are asked for.

export const TOPICS = {
  errors: 'the kinds of failures: what each means, whether it is tried again, what to do',
  'exit-codes': 'what each exit code says',
  filters: 'how --variant, --scenario and the others choose what a command is about',
  manifest: 'the fields of experiment.yaml, and where each is explained',
} as const;

export type Topic = keyof typeof TOPICS;

export function isTopic(word: string | null): word is Topic {
  return word !== null && Object.hasOwn(TOPICS, word);
}

/** For the end of --help. */
export function topicsLine(): string {
  return `\nMore: expgraph help ${Object.keys(TOPICS).join(' | ')}\n`;
}
