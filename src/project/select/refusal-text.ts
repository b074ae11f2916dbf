// A refusal's words, where the digest that a score hangs on was made of them: records of before have them beside it, and
// equal digests must not be told two things.
import { digestOf } from '../../core/canonical.ts';
import type { Output } from '../../core/generated/record.ts';

type Kept = { readonly output: Output | null; readonly output_digest: string | null };

export function toldRefusal({ output, output_digest }: Kept): { readonly refusal?: string } {
  if (output?.refusal === undefined) return {};
  const { refusal } = output;
  const digest = digestOf({
    text: output.text,
    ...(output.text_escaped === undefined ? {} : { text_escaped: output.text_escaped }),
    tool_calls: output.tool_calls.map((call) => ({
      name: call.name,
      arguments: call.arguments_text ?? call.arguments,
    })),
    finish_reason: output.finish_reason,
    refusal,
  });
  return digest === output_digest ? { refusal } : {};
}
