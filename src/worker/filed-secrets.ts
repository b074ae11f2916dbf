// What a program says of the variables that it was given from a file of the user's: out of traces, as out of records.
import path from 'node:path';
import type { Order } from '../core/order.ts';
import { makeRedact, redactFields } from '../core/redact.ts';
import { readEnvFile } from '../providers/env-file.ts';
import type { ClientAnswer } from '../providers/provider.ts';

/** @param folder the manifest's, absolute */
export function withoutFiled(
  answer: ClientAnswer,
  { order: { work }, folder }: { readonly order: Pick<Order, 'work'>; readonly folder: string },
): ClientAnswer {
  if (!work || work.harness.kind === 'module' || work.harness.env.file === undefined) return answer;
  const values = readEnvFile(path.resolve(folder, work.harness.env.file)) ?? {};
  const redact = makeRedact(Object.entries(values).map(([name, value]) => ({ name, value })));
  return redactFields(answer, { fields: ['completion', 'failure'], redact });
}
