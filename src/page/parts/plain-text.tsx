// Text of others as it was written: line ends stay, and what would turn its direction or hide in it is shown.
import './reading.css';
import { sanitizeBlock } from '../../core/text.ts';

export function PlainText({ text }: { readonly text: string }) {
  return <div class="plain">{sanitizeBlock(text)}</div>;
}
