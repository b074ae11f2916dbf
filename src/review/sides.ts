// What is said of a pair, in the order in which it is shown.
export const SIDES = ['left', 'tie', 'right'] as const;
