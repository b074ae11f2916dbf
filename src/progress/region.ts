// The region at the bottom of a terminal that is drawn again and again; what is printed scrolls away above it.
import { createLogUpdate } from 'log-update';

export type Screen = {
  write(text: string): void;
  columns(): number;
  rows(): number;
};

export type Region = {
  /** Replaces what the region shows. */
  draw(frame: string): void;
  /** Prints lines that stay, above the region; the next draw shows the region again. */
  print(lines: string): void;
  /** Takes the region away and gives the cursor back. */
  close(): void;
};

export function openRegion(screen: Screen): Region {
  const update = createLogUpdate(streamOf(screen));
  return {
    draw: (frame) => update(frame),
    print: (lines) => update.persist(lines),
    close() {
      update.clear();
      update.done();
    },
  };
}

/** As much of a terminal's stream as log-update reads; everything written goes through the screen's own writer. */
function streamOf(screen: Screen): NodeJS.WritableStream {
  const stream = {
    isTTY: true,
    get columns() {
      return screen.columns();
    },
    get rows() {
      return screen.rows();
    },
    write(text: string) {
      screen.write(text);
      return true;
    },
  };
  return stream as unknown as NodeJS.WritableStream;
}
