// What has to be done before an entry with long bodies can be written: its blobs, and what stands in their place.
import type { AnyRecord } from '../../core/record.ts';
import type { Redact } from '../../core/redact.ts';
import { type BlobRef, BODY_FIELDS, type BodyTexts, bodyText } from '../disk/bodies.ts';
import type { Entry } from '../store.ts';

/** Texts of a line's bodies, and the blobs that they name. */
export type Bodies = {
  readonly texts: BodyTexts;
  readonly refs: readonly BlobRef[];
  readonly isRedacted: boolean;
};
export const NO_BODIES: Bodies = { texts: new Map(), refs: [], isRedacted: false };

export type Prepared = {
  readonly entry: Entry<AnyRecord>;
  readonly bodies: Bodies;
  /** By digest, for the parts that were looked at. */
  readonly parts: ReadonlyMap<string, Bodies>;
};

/** Blobs first: whatever a line names is durable before the line. */
export async function prepareEntry(
  entry: Entry<AnyRecord>,
  input: {
    readonly redact: Redact;
    readonly keep: (text: string) => Promise<BlobRef>;
    /** Parts that need not be written again. */
    readonly isWritten: (digest: string) => boolean;
  },
): Promise<Prepared> {
  const bodiesOf = async (data: object, fields: readonly string[]): Promise<Bodies> => {
    const texts = new Map<string, string>();
    const refs: BlobRef[] = [];
    let isRedacted = false;
    for (const field of fields) {
      const body = (data as Record<string, unknown>)[field];
      if (body == null) continue;
      const made = await bodyText(body, input);
      texts.set(field, made.text);
      if (made.ref) refs.push(made.ref);
      if (made.isRedacted) isRedacted = true;
    }
    return { texts, refs, isRedacted };
  };
  const parts = new Map<string, Bodies>();
  for (const part of entry.parts) {
    if (!input.isWritten(part.digest)) parts.set(part.digest, await bodiesOf(part, ['content']));
  }
  return { entry, bodies: await bodiesOf(entry.record, BODY_FIELDS), parts };
}
