// Questions to the gate of one order, which a worker asks over Redis. One that was lost on the way is asked again, and answered alike.
export type Questions = {
  hear(question: unknown, ask: (question: unknown) => void): void;
  /** To be told of each answer. */
  answered(told: unknown): void;
};

export function makeQuestions(say: (told: unknown) => void): Questions {
  /** By their number; null = asked, and not answered yet. */
  const answers = new Map<number, unknown>();
  return {
    hear(question, ask) {
      const { n } = question as { readonly n?: number };
      const before = n === undefined ? undefined : answers.get(n);
      if (before !== undefined) {
        if (before !== null) say(before);
        return;
      }
      if (n !== undefined) answers.set(n, null);
      ask(question);
    },
    answered(told) {
      const { n } = told as { readonly n?: number };
      if (n !== undefined) answers.set(n, told);
      say(told);
    },
  };
}
