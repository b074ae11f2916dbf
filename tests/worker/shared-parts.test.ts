// What orders have in common crosses once, and every order is whole on the other side.
import { expect, test } from 'vitest';
import type { Order } from '../../src/core/order.ts';
import { makePacker, makeUnpacker, type Packed } from '../../src/worker/shared-parts.ts';
import { orderAt, REQUEST } from '../rig/model-calls.ts';

type Tools = Order['request']['tools'];

const toolsOf = (name: string): Tools => [{ name, description: null, parameters: null, strict: null }];
const orderWith = (request: Partial<Order['request']>): Order =>
  orderAt(null, { request: { ...REQUEST, ...request } });
const crossed = (packed: Packed): Packed => structuredClone(packed);

test('an order without tools and params crosses as it is', () => {
  const order = orderWith({});
  expect(makePacker().pack(order)).toEqual({ order });
});

test('tools and params of an arm are in its first order only, and each order has them there', () => {
  const [packer, unpack] = [makePacker(), makeUnpacker()];
  const [tools, params] = [toolsOf('look'), { top_p: 0.5 }];
  const orders = [1, 2, 3].map((seed) => orderWith({ seed, tools, params }));
  const packed = orders.map((order) => crossed(packer.pack(order)));
  expect(packed.map((one) => JSON.stringify(one).includes('look'))).toEqual([true, false, false]);
  expect(packed.map((one) => JSON.stringify(one).includes('top_p'))).toEqual([true, false, false]);
  expect(packed.map(unpack)).toEqual(orders);
});

test('scenarios with tools of their own by the hundred push each other out on both sides alike', () => {
  const [packer, unpack] = [makePacker(), makeUnpacker()];
  const many = Array.from({ length: 200 }, (_, n) => toolsOf(`t${n}`));
  // Each again at once, then from the first on, then the newest ones backwards.
  const asked = [...many.flatMap((tools) => [tools, tools]), ...many, ...many.slice(-64).reverse()];
  for (const tools of asked) {
    const order = orderWith({ tools });
    expect(unpack(crossed(packer.pack(order)))).toEqual(order);
  }
});

test('what did not arrive is sent again', () => {
  const [packer, unpack] = [makePacker(), makeUnpacker()];
  const order = orderWith({ tools: toolsOf('look') });
  packer.pack(order);
  packer.forget();
  expect(unpack(crossed(packer.pack(order)))).toEqual(order);
});

test('own code, which may change what it is handed, gets all of each order', () => {
  const packer = makePacker();
  const work = { harness: { kind: 'module' } } as unknown as NonNullable<Order['work']>;
  const order = orderAt(null, { work, request: { ...REQUEST, tools: toolsOf('look') } });
  expect([packer.pack(order), packer.pack(order)]).toEqual([{ order }, { order }]);
});
