// The variables that clients read their address from, and where they go without it. Pure. The table stands in docs/proxy.md.
import type { Env } from '../core/env.ts';

type Variable = {
  readonly name: string;
  /** Where the client goes where nobody says otherwise; null = the variable is pointed at the proxy only where it is set. */
  readonly vendor: string | null;
  /** Another variable, whose value holds for this one as well. */
  readonly like?: string;
};

export const VARIABLES: readonly Variable[] = [
  { name: 'OPENAI_BASE_URL', vendor: 'https://api.openai.com/v1' },
  { name: 'OPENAI_API_BASE', vendor: 'https://api.openai.com/v1', like: 'OPENAI_BASE_URL' },
  { name: 'AZURE_OPENAI_ENDPOINT', vendor: null },
  { name: 'ANTHROPIC_BASE_URL', vendor: 'https://api.anthropic.com' },
  { name: 'ANTHROPIC_API_URL', vendor: 'https://api.anthropic.com', like: 'ANTHROPIC_BASE_URL' },
  { name: 'ANTHROPIC_API_BASE', vendor: null },
  { name: 'GOOGLE_GEMINI_BASE_URL', vendor: 'https://generativelanguage.googleapis.com' },
  { name: 'MISTRAL_BASE_URL', vendor: 'https://api.mistral.ai/v1' },
  { name: 'GROQ_BASE_URL', vendor: 'https://api.groq.com' },
  { name: 'GROQ_API_BASE', vendor: null },
  { name: 'OPENROUTER_API_BASE', vendor: 'https://openrouter.ai/api/v1' },
  { name: 'DEEPSEEK_API_BASE', vendor: null },
  { name: 'TOGETHER_BASE_URL', vendor: 'https://api.together.xyz/v1' },
  { name: 'CO_API_URL', vendor: 'https://api.cohere.com' },
];

export type Upstreams = { readonly [variable: string]: string };

/**
 * Where each variable would have led.
 * @param env what the process is given, the user's environment behind it
 * @returns err: a value that is no address
 */
export function upstreamsOf(env: Env): { readonly upstreams: Upstreams; readonly problem: string | null } {
  const upstreams: { [variable: string]: string } = {};
  let problem: string | null = null;
  for (const { name, vendor, like } of VARIABLES) {
    const value = env[name] || (like && env[like]) || vendor;
    if (value === null || value === undefined || value === '') continue;
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol))
      problem ??= `${name} is no address (${value.slice(0, 100)})`;
    else upstreams[name] = value.replace(/\/+$/, '');
  }
  return { upstreams, problem };
}
