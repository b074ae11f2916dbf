// Nobody loses what he said by closing a window: what is on its way, what was not kept, and what is in no file yet.
import type { Reading } from './reading.ts';

/** @returns what ends the watching */
export function warnBeforeLeaving({ keeper, state }: Reading): () => void {
  const onLeave = (event: BeforeUnloadEvent): void => {
    const { kind } = state.value;
    const isUnsaved = kind === 'saving' || kind === 'failed';
    if (isUnsaved || (keeper.file?.undownloaded() ?? 0) > 0) event.preventDefault();
  };
  addEventListener('beforeunload', onLeave);
  return () => removeEventListener('beforeunload', onLeave);
}
