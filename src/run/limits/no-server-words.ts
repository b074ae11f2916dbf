// How it is worded that a provider's server is not there. Pure.
import type { Failure } from '../../core/outcome.ts';

/** Of a provider that is asked: its name, its address, and where that is written; null = it has the usual one of its type. */
export type Asked = {
  readonly provider: string;
  readonly url: string | null;
  readonly usualUrl: string | null;
  readonly writtenAt: string | null;
};

export type NobodyThere = NonNullable<Failure['isNobodyThere']>;

/** `there is no host api.opnai.com for provider p (ENOTFOUND): correct providers.p.base_url at experiment.yaml:6` */
export function noHostSentence(asked: Asked): string {
  const { provider, url, usualUrl } = asked;
  const todo = url === null ? 'is there a network?' : correctUrl(asked);
  return `there is no host ${hostName(url ?? usualUrl)} for provider ${provider} (ENOTFOUND): ${todo}`;
}

export function nobodyWords(
  kind: Exclude<NobodyThere, 'host'>,
  asked: Asked,
): { readonly what: string; readonly todo: string } {
  const { provider, url, usualUrl } = asked;
  if (kind === 'server') {
    const where = url === null ? 'correct base_url' : correctUrl(asked);
    return {
      what: `nothing listens at ${serverName(url)} (provider ${provider})`,
      todo: `start the server, or ${where}`,
    };
  }
  return {
    what: `the host ${hostName(url ?? usualUrl)} of provider ${provider} cannot be looked up (EAI_AGAIN)`,
    todo: `is there a network?${url === null ? '' : ` If there is, ${correctUrl(asked)}`}`,
  };
}

function correctUrl({ provider, writtenAt }: Asked): string {
  const place = writtenAt === null ? '' : ` at ${writtenAt}`;
  return `correct providers.${provider}.base_url${place}`;
}

/** `http://127.0.0.1:11434`, without its path. */
function serverName(url: string | null): string {
  return (url === null ? null : URL.parse(url))?.origin ?? 'its address';
}

function hostName(url: string | null): string {
  return (url === null ? null : URL.parse(url))?.hostname ?? '(without an address)';
}
