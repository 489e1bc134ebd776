import { expect, test } from 'vitest';
import { plainLine, liveLine, type Snapshot } from '../../../tools/demo/progress.ts';
import { createScreen } from '../../../tools/demo/screen.ts';

const escape = '\u001B';

function capture(stream: { isTTY: boolean; columns?: number }, env: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  const fake = { ...stream, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { screen: createScreen(fake, env), text: () => written.join('') };
}

const snapshot: Snapshot = {
  phase: 'processing',
  combinations: 30,
  done: 11,
  failed: 1,
  images: { waiting: 2, analysing: 3, done: 1 },
  waitingFor: undefined,
  runningMs: 5_000,
};

test('without a terminal there are plain lines, at most one a second, and no control sequence', () => {
  const { screen, text } = capture({ isTTY: false });
  const show = (done: number) => screen.live({ live: 'never', plain: plainLine({ ...snapshot, done }) });
  screen.line(screen.colours.red('starts'));
  show(1);
  show(2);
  screen.settle();
  expect(text()).toBe('starts\nprocessing: 1 of 30 done, 1 failed, images: 2 waiting, 3 analysing, 1 done\n');
});

test('in a terminal one line is written anew, and lines that stay go above it', () => {
  const { screen, text } = capture({ isTTY: true, columns: 80 });
  screen.live({ live: 'one', plain: '' });
  screen.live({ live: 'two', plain: '' });
  screen.line('stays');
  screen.close();
  screen.line('too late');
  screen.live({ live: 'too late', plain: '' });
  const clear = `\r${escape}[2K`;
  expect(text()).toBe(`one${clear}two${clear}stays\ntwo${clear}`);
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: false }, { CI: '1', FORCE_COLOR: '1' }, false],
])('%j with %j has colours: %j', (stream, env, hasColours) => {
  const { screen } = capture(stream, env);
  expect(screen.colours.red('x').includes(escape)).toBe(hasColours);
});

test('the live line has everything that fits, and never wraps', () => {
  const { screen } = capture({ isTTY: false });
  const line = (width: number) => liveLine(snapshot, width, screen.colours);
  expect(line(200)).toBe(
    'processing ███████████░░░░░░░░░░░░░░░░░ 11/30 · 1 failed · images: 2 waiting, 3 analysing, 1 done · 2.0/s · 9.0 s left',
  );
  for (const width of [20, 40, 60, 80]) expect(line(width).length).toBeLessThan(width);
});

test('the live line says what is waited for', () => {
  const { screen } = capture({ isTTY: false });
  expect(liveLine({ ...snapshot, waitingFor: 'a GPU host' }, 200, screen.colours)).toMatch(/waits for a GPU host$/);
});
