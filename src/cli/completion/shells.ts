// The shells that completions are made for. Written out: to import the scripts would load them at each start.
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
