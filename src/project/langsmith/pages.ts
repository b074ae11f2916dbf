// Addresses of LangSmith's pages, from what its API said of ids once: null until something was sent.
import type { ScenarioResult } from '../../core/record.ts';
import { webUrl } from '../../tracing/endpoint.ts';
import { type Links, readLinks } from '../../tracing/upload/specs.ts';
import type { Tracing } from './settings.ts';

type RecordedTrace = NonNullable<ScenarioResult['trace']>;

export function projectPage(tracing: Tracing): string | null {
  const links = linksOf(tracing);
  const id = links?.projects[tracing.project];
  if (!links?.tenant || id === undefined) return null;
  return `${webUrl(tracing.endpoint.apiUrl)}/o/${links.tenant}/projects/p/${id}`;
}

export function comparePage(tracing: Tracing, experiments: readonly string[]): string | null {
  const links = linksOf(tracing);
  const dataset = links?.datasets[tracing.dataset];
  if (!links?.tenant || dataset === undefined) return null;
  const page = `${webUrl(tracing.endpoint.apiUrl)}/o/${links.tenant}/datasets/${dataset}/compare`;
  return `${page}?selectedSessions=${experiments.join(',')}`;
}

/** Of a record's trace, wherever it was sent to. */
export function recordPage(root: string, trace: RecordedTrace): string | null {
  const links = readLinks(root);
  const id = trace.experiment ?? (trace.project === undefined ? undefined : links?.projects[trace.project]);
  if (!links?.tenant || id === undefined) return null;
  return `${webUrl(links.api)}/o/${links.tenant}/projects/p/${id}/r/${trace.langsmith_run_id}`;
}

function linksOf({ root, endpoint }: Tracing): Links | null {
  const links = readLinks(root);
  return links?.api === endpoint.apiUrl ? links : null;
}
