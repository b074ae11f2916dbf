// What there is to know of a type of provider without talking to one: read by whoever reads manifests, plans or says
// something of it. How it is talked to is an adapter (providers/adapters.ts), loaded when there is somebody to ask.

export type ProviderEntry = {
  /** As `type:` says it in a manifest; an account of that name is there without being declared. */
  readonly type: string;
  /** For who writes it: part of the schema (`npm run generate`). */
  readonly description: string;
  /** A server of others, the simulation that expgraph starts by itself, or nobody: own code and programs ask whom they like. */
  readonly answeredBy: 'server' | 'simulation' | 'nobody';
  /** Who speaks its form; null = nobody is spoken to. */
  readonly adapter: string | null;
  /** Settings of a provider that only this type has. */
  readonly ownSettings: readonly string[];
  readonly defaults: {
    /** null = there is no address before it is said or started. */
    readonly baseUrl: string | null;
    /** Only for the address above: a key is sent to whom it was made for, and to nobody else. */
    readonly apiKeyEnv: string | null;
    /** null = it has to be named. */
    readonly model: string | null;
    /** USD per million tokens, by model. */
    readonly pricing: { readonly [model: string]: { readonly input: number; readonly output: number } };
  };
  /** By it the server is told which repeat this is. Real ones get nothing but the request. */
  readonly runHeader: string | null;
};
