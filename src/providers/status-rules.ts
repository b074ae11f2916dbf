// What the manifest says of error answers by their status (`on_status`) goes over what the classification made of them. Pure.
import type { StatusRule } from '../core/endpoint-settings.ts';
import type { FailureKind } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';

/** A kind that already has the wanted fate is kept: it says more. */
export function kindByRule(kind: FailureKind, rule: StatusRule | undefined): FailureKind {
  switch (rule) {
    case undefined:
      return kind;
    case 'retry':
      return RETRIED.has(kind) ? kind : 'overloaded';
    case 'fail':
      return FINAL.has(kind) ? kind : 'bad-request';
    case 'halt':
      return HALTING.has(kind) ? kind : 'unauthorized';
    default:
      return unreachable(rule);
  }
}

const RETRIED: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limited',
  'overloaded',
  'timeout',
  'network',
  'invalid-response',
]);
const FINAL: ReadonlySet<FailureKind> = new Set<FailureKind>(['bad-request', 'context-exceeded']);
const HALTING: ReadonlySet<FailureKind> = new Set<FailureKind>(['unauthorized', 'quota-exhausted']);
