// Text of others inside of HTML: shown, never obeyed. Pure.
import { sanitizeLine } from '../core/text.ts';

const ENTITIES: { readonly [mark: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and inside of a quoted attribute. */
export function escapeHtml(text: string): string {
  return sanitizeLine(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);
}
