// What several plots say. Pure.
import type { Column } from '../../text/layout.ts';

export const NUMBER: Omit<Column, 'head'> = { align: 'right' };

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
