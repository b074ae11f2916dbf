// Deployment paths: an address that names the model itself (`.../openai/deployments/{model}`), filled in from each request.
import { parseObject } from '../core/json-text.ts';
import type { LeanFetch } from './lean-fetch.ts';

/** `{model}` as a URL writes it. */
const PLACE = '%7Bmodel%7D';

export function withModelInPath(baseUrl: URL, send: LeanFetch): LeanFetch {
  if (!baseUrl.pathname.includes(PLACE)) return send;
  return (input, init) => {
    const url = String(input);
    return send(
      url.replaceAll(PLACE, () => encodeURIComponent(modelOf(init?.body))),
      init,
    );
  };
}

function modelOf(body: unknown): string {
  const model = typeof body === 'string' ? parseObject(body)?.model : undefined;
  return typeof model === 'string' ? model : '';
}
