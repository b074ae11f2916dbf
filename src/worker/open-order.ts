// An order as it can be done here: the values of this environment stand where it names them, and files of it are found. It
// travels without them, so it is opened by whoever does it, once.
import type { Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { ok, type Result } from '../core/result.ts';
import { type Here, openEndpoint } from '../providers/open-endpoint.ts';

export function openOrder(order: Order, here: Here): Result<Order, Failure> {
  const endpoint = openEndpoint(order.endpoint, here);
  return endpoint.kind === 'err' ? endpoint : ok({ ...order, endpoint: endpoint.value });
}
