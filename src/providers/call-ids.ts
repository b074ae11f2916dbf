// Ids of tool calls: each call of a conversation has its own, whatever the server gave. Pure.
import type { ToolCall } from '../core/outcome.ts';

/**
 * Takes the first of what is offered that is an id and nobody's yet, else makes one: nine letters and digits, which is what the
 * strictest server (Mistral's) takes.
 */
export function makeIds(): (offered: readonly unknown[]) => string {
  const taken = new Set<string>();
  let calls = 0;
  return (offered) => {
    calls += 1;
    const given = offered.find((id) => typeof id === 'string' && id.trim() !== '' && !taken.has(id));
    let id = typeof given === 'string' ? given : made(calls);
    for (let n = calls; taken.has(id); n += 1) id = made(n);
    taken.add(id);
    return id;
  };
}

function made(n: number): string {
  return `call${String(n).padStart(5, '0')}`;
}

/** @param earlier calls of the turns before, named already */
export function withIds(calls: readonly ToolCall[], earlier: readonly ToolCall[]): readonly ToolCall[] {
  const take = makeIds();
  for (const { id } of earlier) take([id]);
  return calls.map((call) => {
    const id = take([call.id]);
    return id === call.id ? call : { ...call, id };
  });
}
