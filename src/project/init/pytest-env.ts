// Which variables of the environment a pytest harness needs, by what its code reads and imports. Names, never values. Pure.

/** A client of models and the variables that it reads by itself: first its keys, then what says where it asks. */
const OF_CLIENTS: readonly {
  readonly imports: RegExp;
  readonly keys: readonly string[];
  readonly more: readonly string[];
}[] = [
  {
    imports: /^(?:anthropic|langchain_anthropic)$/,
    keys: ['ANTHROPIC_API_KEY'],
    more: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_URL', 'ANTHROPIC_AUTH_TOKEN'],
  },
  {
    imports: /^(?:openai|langchain_openai|agents)$/,
    keys: ['OPENAI_API_KEY'],
    more: [
      'OPENAI_BASE_URL',
      'OPENAI_API_BASE',
      'OPENAI_ORG_ID',
      'OPENAI_PROJECT_ID',
      'AZURE_OPENAI_API_KEY',
      'AZURE_OPENAI_ENDPOINT',
      'OPENAI_API_VERSION',
    ],
  },
  {
    imports: /^(?:google|langchain_google_genai|vertexai|langchain_google_vertexai)$/,
    keys: [],
    more: [
      'GEMINI_API_KEY',
      'GOOGLE_API_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'GOOGLE_CLOUD_PROJECT',
      'GOOGLE_CLOUD_LOCATION',
    ],
  },
  { imports: /^(?:mistralai|langchain_mistralai)$/, keys: ['MISTRAL_API_KEY'], more: [] },
  { imports: /^(?:groq|langchain_groq)$/, keys: ['GROQ_API_KEY'], more: ['GROQ_BASE_URL'] },
  { imports: /^(?:cohere|langchain_cohere)$/, keys: [], more: ['COHERE_API_KEY', 'CO_API_KEY'] },
  { imports: /^together$/, keys: ['TOGETHER_API_KEY'], more: [] },
  {
    imports: /^(?:boto3|botocore|langchain_aws)$/,
    keys: [],
    more: [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_PROFILE',
      'AWS_BEARER_TOKEN_BEDROCK',
    ],
  },
  {
    imports: /^(?:litellm|pydantic_ai|dspy|langchain|instructor|inspect_ai)$/,
    keys: [],
    more: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY', 'AZURE_API_KEY'],
  },
  {
    imports: /^(?:langsmith|langchain\w*|langgraph)$/,
    keys: [],
    more: [
      'LANGSMITH_API_KEY',
      'LANGSMITH_TRACING',
      'LANGSMITH_ENDPOINT',
      'LANGSMITH_PROJECT',
      'LANGSMITH_WORKSPACE_ID',
      'LANGSMITH_TEST_SUITE',
      'LANGSMITH_TEST_TRACKING',
      'LANGSMITH_EXPERIMENT',
      'LANGCHAIN_API_KEY',
      'LANGCHAIN_TRACING_V2',
      'LANGCHAIN_ENDPOINT',
      'LANGCHAIN_PROJECT',
    ],
  },
];

/** A process has these anyway, or they are the runner's. */
const NOT_PASSED =
  /^(?:PATH|HOME|USER|LANG|LANGUAGE|LC_ALL|LC_CTYPE|TZ|TMPDIR|TEMP|TMP|SystemRoot|PYTHON\w*|PYTEST_\w+|EXPGRAPH_\w+|VIRTUAL_ENV|CONDA_\w+)$/;
/** Worth a place in the manifest although this machine has none: without it nothing is answered. */
const KEY = /_API_KEY$/;

/**
 * What is there in the environment of what the code reads, and keys although they are not there: somebody else's machine has
 * them. In the order of their names.
 */
export function passedNames(input: {
  readonly environ: readonly string[];
  readonly imports: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
}): readonly string[] {
  const { environ, imports, env } = input;
  const clients = OF_CLIENTS.filter((client) => imports.some((name) => client.imports.test(name)));
  const keys = [...clients.flatMap((client) => client.keys), ...environ.filter((name) => KEY.test(name))];
  const there = [...environ, ...clients.flatMap(({ more }) => more)].filter(
    (name) => env[name] !== undefined,
  );
  return [...new Set([...keys, ...there])].filter((name) => !NOT_PASSED.test(name)).sort();
}
