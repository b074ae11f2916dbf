// What was opened together and is closed together, last first: a DisposableStack, which Node 22 has not.

export type Opened = Disposable & {
  use<Value extends Disposable>(value: Value): Value;
  defer(close: () => void): void;
  /** @returns all of it: whoever called this closes nothing more */
  move(): Opened;
};

export function openStack(): Opened {
  return stackOf([]);
}

function stackOf(closings: (() => void)[]): Opened {
  return {
    use(value) {
      closings.push(() => value[Symbol.dispose]());
      return value;
    },
    defer(close) {
      closings.push(close);
    },
    move: () => stackOf(closings.splice(0)),
    [Symbol.dispose]() {
      const failures: unknown[] = [];
      for (let close = closings.pop(); close !== undefined; close = closings.pop()) {
        try {
          close();
        } catch (cause) {
          failures.push(cause);
        }
      }
      // All is closed before anybody hears of it.
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1) throw new AggregateError(failures, 'more than one could not be closed');
    },
  };
}
