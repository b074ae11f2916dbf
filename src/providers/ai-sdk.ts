// The adapter on the AI SDK's provider packages (specification V4).
import type { OpenAiSdk } from './openai.ts';
import type { Adapter } from './provider.ts';

export const aiSdkAdapter: Adapter<OpenAiSdk> = {
  makeClient: unbuilt,
  probe: unbuilt,
  makeBoundSdk: unbuilt,
  makeSplit: unbuilt,
  embed: unbuilt,
  makeSend: unbuilt,
};

function unbuilt(): never {
  throw new Error('not built yet');
}
