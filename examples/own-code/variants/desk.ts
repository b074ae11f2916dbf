// What the tools give back: a desk without a real calendar behind it.
export const MAX_STEPS = 4;

export function resultOf(tool: string): string {
  return JSON.stringify({ ok: true, tool });
}
