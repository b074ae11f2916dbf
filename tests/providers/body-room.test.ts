import { expect, test } from 'vitest';
import { makeBodyRoom } from '../../src/providers/body-room.ts';

/** Seats for connections named by their place; says which of them are paused. */
function roomOf(max: number, count: number) {
  const room = makeBodyRoom(max);
  const paused = new Set<number>();
  const seats = Array.from({ length: count }, (_, i) =>
    room.enter({ pause: () => paused.add(i), resume: () => paused.delete(i) }),
  );
  return { seats, paused: () => [...paused].sort() };
}

test('answers within the room are never paused', () => {
  const { seats, paused } = roomOf(100, 10);
  for (const seat of seats) seat.hold(10);
  expect(paused()).toEqual([]);
});

test('beyond it one goes on and the others wait, until it is done', () => {
  const { seats, paused } = roomOf(100, 3);
  for (const seat of seats) seat.hold(40);
  // The third is the one that went over: it leads.
  for (const seat of seats) seat.hold(10);
  expect(paused()).toEqual([0, 1]);
  seats[2]!.hold(500);
  expect(paused()).toEqual([0, 1]);
  seats[2]!.leave();
  expect(paused()).toEqual([]);
});

test('where there is still no room, the oldest that waits leads next', () => {
  const { seats, paused } = roomOf(100, 4);
  seats[3]!.hold(150);
  for (const i of [0, 1, 2]) seats[i]!.hold(60);
  expect(paused()).toEqual([0, 1, 2]);
  seats[3]!.leave();
  expect(paused()).toEqual([1, 2]);
  seats[0]!.hold(1_000);
  seats[0]!.leave();
  expect(paused()).toEqual([2]);
  seats[1]!.leave();
  expect(paused()).toEqual([]);
});

test('an answer that is given up while it waits gives its bytes back, once', () => {
  const { seats, paused } = roomOf(100, 3);
  seats[0]!.hold(101);
  seats[1]!.hold(50);
  seats[1]!.leave();
  seats[1]!.leave();
  seats[0]!.leave();
  seats[2]!.hold(100);
  expect(paused()).toEqual([1]);
  seats[2]!.hold(1);
  expect(paused()).toEqual([1]);
});
