// What fsck says of one place.
export type Finding = {
  /** `damage`: truth is hurt. `derived`: a rebuild mends it. `note`: nothing is wrong. */
  readonly severity: 'damage' | 'derived' | 'note';
  readonly code: string;
  readonly file: string;
  /** Line in the file, from 1; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly message: string;
};
