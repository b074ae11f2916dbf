// A command or a name that is to be used elsewhere: a click copies it, and where that is not possible it is selected by one.
import { useState } from '../base/preact.ts';

export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <span class="copy">
      <code class="copy-text">{text}</code>
      <button type="button" class="linkish" aria-label={`Copy ${label}`} onClick={() => void copy()}>
        {copied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}
