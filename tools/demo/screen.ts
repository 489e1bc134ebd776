import { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

/** The terminal, or the file or pipe that stands in its place. */
export interface Screen {
  /** Whether a live line is shown. */
  readonly isLive: boolean;
  /** In characters; a usual one where there is no terminal. */
  readonly width: number;
  /** Names of colours that colour nothing where they must not. */
  readonly colours: Colours;
  /** A line that stays. */
  line(text: string): void;
  /** What is going on: one line that is written anew in a terminal, else a plain line at most once a second. */
  live(text: { readonly live: string; readonly plain: string }): void;
  /** Takes the live line away. */
  settle(): void;
  /** Nothing is written any more, whatever still goes on. */
  close(): void;
}

const usualWidth = 120;
const plainEveryMs = 1_000;

/** No control sequence is written where there is no terminal, and no colour under NO_COLOR. */
export function createScreen(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isLive = stream.isTTY && env['TERM'] !== 'dumb';
  let live = '';
  let plain = '';
  let plainAtMs = 0;
  let isClosed = false;
  const clear = () => {
    if (live !== '') stream.write('\r\u001B[2K');
  };
  const settle = () => {
    clear();
    live = '';
  };
  return {
    isLive,
    width: isLive ? stream.columns : usualWidth,
    colours: createColors(isLive && !env['NO_COLOR']),
    line(text) {
      if (isClosed) return;
      clear();
      stream.write(`${text}\n${live}`);
    },
    live(text) {
      if (isClosed) return;
      if (isLive) {
        clear();
        live = text.live;
        stream.write(live);
      } else if (text.plain !== plain && Date.now() - plainAtMs >= plainEveryMs) {
        plain = text.plain;
        plainAtMs = Date.now();
        stream.write(`${plain}\n`);
      }
    },
    settle,
    close() {
      settle();
      isClosed = true;
    },
  };
}
