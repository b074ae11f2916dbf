// What an error answer says, whatever its form was.

/** An error as servers of this family send it, whatever the form was. */
export type ServerError = {
  readonly status: number | null;
  /** The first that is no status; numbers as text. */
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
  /** Every code and type in it. */
  readonly names: readonly string[];
  /** Its JSON, bounded; "" where it was none. */
  readonly whole: string;
};
