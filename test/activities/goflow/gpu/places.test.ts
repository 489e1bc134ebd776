import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { placeKey, Places, stagedImageOf } from '../../../../activities/goflow/gpu/places.ts';
import type { ImageForModel } from '../../../../activities/vision/provider.ts';
import { failureOf } from '../../../support/activity.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { sleep } from '../../../support/wait.ts';
import { image } from '../../qa/answers.ts';

afterEach(() => vi.useRealTimers());

const imageOf = (name: string): ImageForModel => ({ ...image, sha256: `of ${name}` });

async function opened(given: { file?: string } = {}) {
  const file = given.file ?? join(await temporaryFolder(), 'hosts', 'here.places.json');
  const recording = recordingLog();
  let changes = 0;
  const places = await Places.open(file, recording.log, () => (changes += 1));
  onTestFinished(() => places.saved());
  const onDisk = async () => {
    await places.saved();
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  };
  return { places, file, onDisk, recording, changes: () => changes };
}

describe('a place', () => {
  test('is taken by an image and given back', async () => {
    const { places, changes, onDisk } = await opened();
    const place = places.take('a', imageOf('a'));
    expect(places.find('a')).toBe(place);
    expect(places.taken).toBe(1);
    expect(await onDisk()).toEqual(['a']);
    places.release('a');
    expect(places.find('a')).toBeUndefined();
    expect(places.taken).toBe(0);
    expect(await onDisk()).toEqual([]);
    expect(changes()).toBe(2);
  });

  test('keeps its image in the cache for as long as it is taken', async () => {
    const { places } = await opened();
    places.take('a', imageOf('a'));
    places.take('b', imageOf('b'));
    expect([...places.hashes()]).toEqual(['of a', 'of b']);
    places.release('a');
    expect([...places.hashes()]).toEqual(['of b']);
  });

  test('is the same one when the same image comes again', async () => {
    const { places, changes } = await opened();
    const place = places.take('a', imageOf('a'));
    expect(places.take('a', imageOf('a'))).toBe(place);
    expect([places.taken, changes()]).toEqual([1, 1]);
  });

  test('is a new one when other bytes come under its key: old answers are not theirs', async () => {
    const { places } = await opened();
    const place = places.take('a', imageOf('a'));
    place.answers.set('x.1', { stored: undefined as never, labels: {} });
    const next = places.take('a', imageOf('b'));
    expect(next.answers.size).toBe(0);
    expect([places.taken, next.order]).toEqual([1, place.order + 1]);
  });

  test('is worth waiting for while its image is made ready, and until its first analysis comes; not for ever', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { places } = await opened();
    expect(places.aboutToStart).toBe(0);
    let ready: () => void = () => undefined;
    const staging = places.staging(() => new Promise<void>((resolve) => (ready = resolve)));
    expect(places.aboutToStart).toBe(1);
    vi.setSystemTime(Date.now() + 1_001);
    expect(places.aboutToStart).toBe(0);
    ready();
    await staging;
    places.take('a', imageOf('a'));
    expect(places.aboutToStart).toBe(1);
    vi.setSystemTime(Date.now() + 301);
    expect(places.aboutToStart).toBe(0);
  });

  test('is waited for with each that is new, and with the next of those that get ready', async () => {
    const { places } = await opened();
    const unending = () => new Promise<void>(() => undefined);
    for (let count = 0; count < 3; count += 1) void places.staging(unending);
    expect(places.aboutToStart).toBe(1);
    const place = places.take('a', imageOf('a'));
    places.take('b', imageOf('b'));
    expect(places.aboutToStart).toBe(3);
    place.toCome = 24;
    expect(places.aboutToStart).toBe(2);
  });

  test('is not waited for when its image cannot be had', async () => {
    const { places } = await opened();
    await failureOf(places.staging(() => Promise.reject(new Error('no such image'))));
    expect(places.aboutToStart).toBe(0);
  });

  test('says how much there is to do for its image', async () => {
    const { places } = await opened();
    const place = places.take('a', imageOf('a'));
    place.toCome = 6;
    await places.using(place, async () => expect([place.toDo, places.ending]).toEqual([7, 0]));
    place.toCome = 5;
    await places.using(place, async () => expect([place.toDo, places.ending]).toEqual([6, 1]));
  });

  test('knows when it came', async () => {
    const { places } = await opened();
    expect(['a', 'b', 'c'].map((key) => places.take(key, imageOf(key)).order)).toEqual([1, 2, 3]);
  });

  test('that nobody took can be given back without a word', async () => {
    const { places, changes } = await opened();
    places.release('nobody', new Error('why'));
    expect(changes()).toBe(0);
  });

  test('ends what waits for its image only when it is told why', async () => {
    const { places } = await opened();
    const [quiet, loud] = [places.take('a', imageOf('a')), places.take('b', imageOf('b'))];
    const why = new Error('cancelled');
    places.release('a');
    places.release('b', why);
    expect(quiet.released.signal.aborted).toBe(false);
    expect(loud.released.signal.reason).toBe(why);
  });

  test('lets all analyses of its image listen without a warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const { released } = (await opened()).places.take('a', imageOf('a'));
    for (let index = 0; index < 50; index += 1) released.signal.addEventListener('abort', () => undefined);
    await sleep(0);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('an idle place', () => {
  test('is given up, but not while work waits or runs for its image', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { places, recording } = await opened();
    const [busy] = [places.take('busy', imageOf('a')), places.take('idle', imageOf('b'))];
    let end: () => void = () => undefined;
    const work = places.using(busy, () => new Promise<void>((resolve) => (end = resolve)));
    vi.setSystemTime(Date.now() + 11_000);
    places.take('young', imageOf('c'));
    places.releaseIdle(10_000);
    expect(['busy', 'idle', 'young'].map((key) => places.find(key) !== undefined)).toEqual([true, false, true]);
    expect(recording.lines()).toMatchObject([{ image: 'idle' }]);
    end();
    await work;
    places.releaseIdle(10_000);
    expect(places.find('busy')).toBeDefined();
    vi.setSystemTime(Date.now() + 11_000);
    places.releaseIdle(10_000);
    expect(places.taken).toBe(0);
  });

  test('counts from the end of work that failed, too', async () => {
    const { places } = await opened();
    const place = places.take('a', imageOf('a'));
    expect(await failureOf(places.using(place, () => Promise.reject(new Error('no'))))).toMatchObject({
      message: 'no',
    });
    expect(place.outstanding).toBe(0);
  });
});

describe('after a restart', () => {
  test('places are taken as before, until their images come back or stay away', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const before = await opened();
    for (const key of ['a', 'b', 'c']) before.places.take(key, imageOf(key));
    await before.places.saved();
    const { places, onDisk } = await opened({ file: before.file });
    expect(places.taken).toBe(3);
    expect(places.find('a')).toBeUndefined();
    places.take('a', imageOf('a'));
    places.release('b');
    expect(places.taken).toBe(2);
    expect(((await onDisk()) as string[]).sort()).toEqual(['a', 'c']);
    vi.setSystemTime(Date.now() + 11_000);
    places.releaseIdle(10_000);
    expect(places.taken).toBe(0);
  });

  test.each(['', '["a"', '{"a": 1}', '[1, 2]', 'null'])('a file that says %j counts as none', async (text) => {
    const file = join(await temporaryFolder(), 'hosts', 'here.json');
    await mkdir(dirname(file));
    await writeFile(file, text);
    expect((await opened({ file })).places.taken).toBe(0);
  });
});

describe('the file of places', () => {
  test('says what was said last, however fast it was said', async () => {
    const { places, onDisk } = await opened();
    for (let index = 0; index < 50; index += 1) places.take(`k${index}`, imageOf(`k${index}`));
    for (let index = 0; index < 49; index += 1) places.release(`k${index}`);
    expect(await onDisk()).toEqual(['k49']);
  });

  test('that cannot be written does not stop the work', async () => {
    const { places, file, recording } = await opened();
    await mkdir(`${file}.tmp`);
    places.take('a', imageOf('a'));
    await places.saved();
    expect(places.taken).toBe(1);
    expect(recording.lines()).toMatchObject([{ level: 'warn', msg: 'the list of staged images cannot be written' }]);
  });
});

test('the key of a place names project and image', () => {
  expect(placeKey('p', 'm')).toBe('p/m');
});

test('what the workflow is told of an image says both sizes, and has no bytes', () => {
  expect(stagedImageOf(image)).toEqual({
    variant: 'optimised',
    sha256: 'of these bytes',
    originalWidth: 2000,
    originalHeight: 1000,
    sentWidth: 1000,
    sentHeight: 500,
  });
});
