// How one endpoint has to be talked to where it is not as OpenAI's own. Transport: none of it is part of a key. `${NAME}` is not
// replaced in it: that is done where the requests are made.

export type EndpointSettings = {
  /** How the key is sent: `Authorization: Bearer`, a header of that name, or not at all. */
  readonly auth: 'bearer' | 'api-key' | 'x-api-key' | 'none';
  /** Behind every request's path. */
  readonly query: { readonly [name: string]: string };
  /** What bounds an answer is called so; null = as the API has it, and as a refusal says. */
  readonly maxTokensField: string | null;
  /** auto = nothing is said of streams until the endpoint says that it has nothing else. */
  readonly stream: 'always' | 'never' | 'auto';
  /** By HTTP status: what an error answer means, whatever it says. */
  readonly onStatus: { readonly [status: string]: StatusRule };
  /** null = execution.timeout. */
  readonly timeoutMs: number | null;
  /** A URL that may hold a password; `none` = not even the environment's; null = the environment's. */
  readonly proxy: string | null;
  /** PEM, trusted beside the usual authorities; from the manifest's folder. */
  readonly caFile: string | null;
};

export type StatusRule = 'retry' | 'fail' | 'halt';

export const NO_SETTINGS: EndpointSettings = {
  auth: 'bearer',
  query: {},
  maxTokensField: null,
  stream: 'auto',
  onStatus: {},
  timeoutMs: null,
  proxy: null,
  caFile: null,
};

/** What an endpoint turned out to need, and the line of the manifest that says so from the start. */
/** `of`: where the line is written, if it is not the provider. */
export type Lesson = { readonly message: string; readonly line: string; readonly of?: 'pytest' };
