// What `expgraph init --from-pytest` was asked for.

export type FromPytestOptions = {
  /** true: where pytest itself would look. */
  readonly fromPytest: string | true;
  readonly python?: string;
  readonly variantsFrom?: string;
  readonly runs?: string;
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
};
