// What all orders of an arm have in common crosses to a thread once: twenty tools are thirteen kilobytes, and copying them took as
// long as a quarter of the call. Both sides keep the last ones, counted alike, so that neither has to ask what the other knows.
import type { Order } from '../core/order.ts';

/** `value`: only the first time. */
export type Part<Value = unknown> = { readonly id: number; readonly value?: Value };

/** An order without what stands in `parts`. */
export type Packed = {
  readonly order: Order;
  readonly parts?: {
    readonly tools?: Part<Order['request']['tools']>;
    readonly params?: Part<Order['request']['params']>;
  };
};

/** Arms of an experiment; scenarios with tools of their own push each other out. */
const MOST = 64;

export type Packer = {
  pack(order: Order): Packed;
  /** What was packed last has not arrived. */
  forget(): void;
};

export function makePacker(): Packer {
  const known = new Map<object, number>();
  let last = 0;

  /** By identity: whoever makes orders takes these from the variant as they are. */
  function partOf<Value extends object>(value: Value): Part<Value> {
    const id = known.get(value);
    if (id !== undefined) return { id };
    known.set(value, ++last);
    if (known.size > MOST) known.delete(known.keys().next().value!);
    return { id: last, value };
  }

  return {
    pack(order) {
      const { tools, params } = order.request;
      const hasTools = tools.length > 0;
      const hasParams = Object.keys(params).length > 0;
      // Own code may change what it is handed: each of its orders has a copy.
      if (order.work !== undefined || (!hasTools && !hasParams)) return { order };
      const request = {
        ...order.request,
        ...(hasTools ? { tools: [] } : {}),
        ...(hasParams ? { params: {} } : {}),
      };
      const parts = {
        ...(hasTools ? { tools: partOf(tools) } : {}),
        ...(hasParams ? { params: partOf(params) } : {}),
      };
      return { order: { ...order, request }, parts };
    },
    forget: () => known.clear(),
  };
}

export function makeUnpacker(): (packed: Packed) => Order {
  const known = new Map<number, unknown>();

  function takePart<Value>({ id, value }: Part<Value>): Value {
    if (value === undefined) return known.get(id) as Value;
    known.set(id, value);
    known.delete(id - MOST);
    return value;
  }

  return ({ order, parts }) => {
    if (parts === undefined) return order;
    const { tools, params } = parts;
    const request = {
      ...order.request,
      ...(tools === undefined ? {} : { tools: takePart(tools) }),
      ...(params === undefined ? {} : { params: takePart(params) }),
    };
    return { ...order, request };
  };
}
