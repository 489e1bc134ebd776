import { plannedProject, startedAtMs, startMedia } from '../../../support/project-states.ts';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../../workflows/goflow/contracts/progress.ts';
import { detailsOf, type Live } from '../../../../workflows/goflow/steps/details.ts';
import { commandsOf } from '../../../../workflows/goflow/steps/operator-commands.ts';
import { Pace } from '../../../../workflows/shared/pace.ts';
import { progressOf } from '../../../../workflows/goflow/steps/progress.ts';
import type { ProjectState } from '../../../../workflows/goflow/steps/project-state.ts';
import { planOf } from '../../../support/plans.ts';

const plan = planOf({ images: 3, analyses: 4 });
const since = '2026-11-20T10:00:00.000Z';
const live: Live = { nowMs: startedAtMs + 90_000, perMinute: undefined, commands: [] };
const shown = (changes: Partial<Progress>, liveChanges: Partial<Live> = {}) =>
  detailsOf({ ...progressOf(plannedProject(plan), since), ...changes }, { ...live, ...liveChanges });
const image = { mediaId: 'm', filename: 'room.jpg', state: 'staging', done: 1, failed: 0, total: 4 } as const;

describe('the live text of the Web UI', () => {
  test('begins with the phase, the numbers and the time', () => {
    const totals = { combinations: 12, done: 3, failed: 1, running: 4 };
    expect(shown({ phase: 'processing', totals, waitingFor: undefined as never }, { perMinute: 4 })).toMatch(
      /^### 🔎 processing\n\n\*\*3 of 12\*\* done \(25 %\) · 1 failed · 4 in work · 4 per minute · about 2 min left\n\nsince 2026-11-20 10:00:00 UTC · as of 2026-11-20 10:01:30 UTC/,
    );
  });

  test.each([
    [120, '6 s'],
    [4, '3 min'],
    [0.1, '1.8 h'],
  ])('with %f per minute says that %s are left', (perMinute, left) => {
    const totals = { combinations: 12, done: 1, failed: 0, running: 4 };
    expect(shown({ phase: 'processing', totals }, { perMinute })).toContain(`about ${left} left`);
  });

  test('says what it waits for, in bold', () => {
    expect(shown({ waitingFor: 'GoFlow since *x*' })).toContain('**Waits for GoFlow since \\*x\\***');
  });

  test('has one line per image at work or with failures, and numbers for the others', () => {
    const media = [
      image,
      { ...image, state: 'analysing', host: 'gpu_1', done: 2, failed: 1 } as const,
      { ...image, state: 'done', done: 4 } as const,
      { ...image, done: 0 } as const,
      { ...image, state: 'waiting', done: 0 } as const,
      { ...image, state: 'waiting', done: 0 } as const,
    ];
    expect(shown({ media })).toContain(
      '**Images**\n\n- room.jpg: staging, 1 of 4\n- room.jpg: analysing on gpu\\_1, 2 of 4, **1 failed**\n- the others: 1 done, 1 staging, 2 waiting',
    );
  });

  test.each([
    ['a heading', '# room.jpg'],
    ['emphasis', '**room**.jpg'],
    ['underscores', '__room__.jpg'],
    ['code', '`rm -rf /`.jpg'],
    ['a link', '[room](https://evil.example).jpg'],
    ['an image that calls home', '![room](https://evil.example/pixel).jpg'],
    ['HTML', '<script>alert(1)</script>.jpg'],
    ['a table', '| a | b |.jpg'],
    ['an escape of our escapes', '\\<b\\>.jpg'],
  ])('shows a file name that is %s as text', (_, filename) => {
    const line =
      shown({ media: [{ ...image, filename }] })
        .split('\n')
        .at(-1) ?? '';
    const name = line.slice(2, line.indexOf(': staging'));
    // every character that Markdown could take for its own has a backslash of its own before it
    expect(name.replace(/\\[\\`*_[\]<>#|]/g, '')).not.toMatch(/[\\`*_[\]<>#|]/);
    expect(name.replace(/\\([\\`*_[\]<>#|])/g, '$1')).toBe(filename);
  });

  test.each(['a\nb', 'a\r\n# b', 'a\u0000b', 'a\u001b[31mb', 'a\u0085b'])('keeps %j on one line', (filename) => {
    const text = shown({ media: [{ ...image, filename }] });
    expect(text.split('\n')).toHaveLength(shown({ media: [image] }).split('\n').length);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  test('shows foreign texts of failures and ignored signals as text, and not all of them', () => {
    const failures = Array.from({ length: 30 }, () => ({
      mediaId: 'm',
      analysisId: 'a',
      code: 'GoFlowRefused',
      message: `<img src=x>${'x'.repeat(500)}`,
    }));
    const text = shown({ media: [image], failures, ignoredSignals: ['pause: *now*\n# big'] });
    expect(text).toContain('- **GoFlowRefused** in room.jpg: \\<img src=x\\>xxx');
    expect(text).toContain('xxx `--media m --analysis a`\n');
    expect(text.split('GoFlowRefused')).toHaveLength(16);
    expect(text).toContain('- ... and 15 more');
    expect(text).toContain('**Ignored signals**\n\n- pause: \\*now\\* \\# big');
    expect(text).not.toContain('x'.repeat(200));
  });

  test('of 200 images stays short enough for a URL', () => {
    const media = Array.from({ length: 200 }, () => ({ ...image, failed: 1 }));
    const text = shown({ media });
    expect(text.split('room.jpg')).toHaveLength(31);
    expect(text).toContain('- ... and 170 more');
    expect(text.length).toBeLessThan(4_000);
  });
});

describe('what an operator can do', () => {
  const at = { namespace: 'default', workflowId: `project-${plan.project.id}` };
  const words = (bring: (state: ProjectState) => unknown) => {
    const state = plannedProject(plan);
    bring(state);
    return commandsOf(state, at).map(({ gf25 }) =>
      gf25
        .replace(plan.project.id, 'ID')
        .replace('gf25 projects ', '')
        .replace(/\\\n\s*/, ''),
    );
  };
  const cancel = 'cancel ID --reason "TEXT"';

  test.each<[string, (state: ProjectState) => unknown, string[]]>([
    ['that works', (state) => startMedia(state, plan.media[0]?.id ?? ''), ['pause ID', cancel]],
    ['that is paused', (state) => (state.paused = true), ['resume ID', cancel]],
    [
      'that holds because of the report',
      (state) => Object.assign(state, { step: 'completing', hold: { kind: 'report', reason: 'x' } }),
      ['retry ID --step report', cancel],
    ],
    ['that is over', (state) => (state.step = 'over'), []],
  ])('with a project %s', (_, bring, expected) => expect(words(bring)).toEqual(expected));

  test('is said for the temporal CLI, too, with its namespace', () => {
    const state = plannedProject(plan);
    state.paused = true;
    const [resume] = commandsOf(state, { ...at, namespace: 'prod' });
    expect(resume?.temporal).toBe(
      `temporal workflow signal -n prod \\\n  -w ${at.workflowId} \\\n  --name resume -i '{}'`,
    );
    expect(shown({}, { commands: commandsOf(state, at) })).toMatch(
      /\*\*What you can do now\*\*\n\n```\ngf25 projects resume/,
    );
  });
});

describe('the pace', () => {
  test('is what ended in the last two minutes', () => {
    const pace = new Pace();
    expect(pace.perMinute()).toBeUndefined();
    for (let second = 0; second <= 600; second += 3)
      pace.note(second * 1_000, second < 300 ? second : 300 + (second - 300) * 2);
    expect(pace.perMinute()).toBeCloseTo(120, 0);
  });

  test('is not known at once, and after a retry begins anew', () => {
    const pace = new Pace();
    pace.note(0, 0);
    pace.note(2_000, 5);
    expect(pace.perMinute()).toBeUndefined();
    pace.note(10_000, 10);
    expect(pace.perMinute()).toBe(60);
    pace.note(20_000, 3);
    expect(pace.perMinute()).toBeUndefined();
  });
});
