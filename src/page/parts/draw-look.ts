// How draws are looked at: the same for all that are shown, and kept in the address by the screen that shows them.
import type { AnswerLook } from './answer.tsx';

export type DrawLook = AnswerLook & {
  /** As data. */
  readonly raw: boolean;
  readonly isOpen: (section: DrawSection) => boolean;
  readonly toggle: (section: DrawSection) => void;
  /** Whether the history of a cell can be shown here: a file has it or not. */
  readonly hasHistory: boolean;
};

/** Folded in all draws at once. */
export type DrawSection = 'turns' | 'scores' | 'more';
