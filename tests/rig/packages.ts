// Folders that have provider packages: the true ones of this repository, and one of the project's own that says what it was asked.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

/** As `npm install` would have put them there. */
export function installPackages(folder: string): void {
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules/@ai-sdk'), path.join(folder, 'node_modules/@ai-sdk'), 'dir');
}

/**
 * A module of the specification with a wire of its own. What it was loaded and asked stands in loads.txt beside it.
 * @param more of the body, as code over the call's `options`
 */
export function acmeModule(more = ''): string {
  return `import { appendFileSync } from 'node:fs';
const here = new URL('./loads.txt', import.meta.url);
appendFileSync(here, 'loaded\\n');
export function createAcme({ baseURL, fetch, headers }) {
  return {
    languageModel: (modelId) => ({
      specificationVersion: 'v4', provider: 'acme.chat', modelId, supportedUrls: {},
      async doGenerate(options) {
        appendFileSync(here, 'asked\\n');
        const { prompt, temperature, maxOutputTokens, tools, responseFormat } = options;
        const body = {
          model: modelId, said: prompt, temperature, max_tokens: maxOutputTokens,
          tools: tools?.map(({ name, inputSchema }) => ({ name, schema: inputSchema })),
          form: responseFormat?.schema, ...options.providerOptions?.acme, ${more}
        };
        await fetch(baseURL + '/talk/' + modelId, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
        return { content: [{ type: 'text', text: 'ok' }], finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: {}, outputTokens: {} }, warnings: [] };
      },
    }),
  };
}
`;
}
