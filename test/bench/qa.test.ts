import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { checkOf, resultOf } from '../../activities/vision/fields.ts';
import { answerers } from '../../bench/qa/answers.ts';
import { type Case, faultCases, rightCases } from '../../bench/qa/cases.ts';
import { distance } from '../../bench/qa/colours.ts';
import { faultKinds } from '../../bench/qa/faults/kinds.ts';
import { judge } from '../../bench/qa/judge.ts';
import { falseSuspicions, measureModels } from '../../bench/qa/models.ts';
import { makePhotographs } from '../../bench/qa/photographs.ts';
import { makeAlbum, type Question, questionOf } from '../../bench/qa/questions.ts';
import { randomOf } from '../../bench/qa/random.ts';
import type { Rectangle } from '../../bench/qa/scene.ts';
import { tally } from '../../bench/qa/tally.ts';
import { loadConfig } from '../../config/load.ts';
import { qaSettingsOf } from '../../config/qa.ts';
import { coordinateModeSchema, type Definition } from '../../workflows/goflow/contracts/analysis.ts';

const { definitions, qa, settings } = loadConfig([], {});

async function makeCases(seed: number) {
  const album = await makeAlbum(definitions.bySlug, definitions.systemPrompt, { seed, perKind: 2 });
  const options = { seed, perKind: 2 };
  return { album, faults: faultCases(album, options), right: rightCases(album, options) };
}
const [first, again, other] = [await makeCases(1), await makeCases(1), await makeCases(2)];

const written = (cases: readonly Case[]) => cases.map(({ kind, text, finish }) => ({ kind, text, finish }));
const shaOf = ({ album }: typeof first) => album.pictures.map(({ image }) => image.sha256);

describe('the cases of bench:qa', () => {
  test('are the same for the same seed, pictures included', () => {
    expect(shaOf(again)).toEqual(shaOf(first));
    expect(written(again.faults)).toEqual(written(first.faults));
    expect(written(again.right)).toEqual(written(first.right));
  });

  test('differ in one half for another seed', () => {
    const differing = first.faults.filter(({ text }, index) => text !== other.faults[index]?.text).length;
    expect(differing / first.faults.length).toBeGreaterThan(0.4);
    expect(shaOf(other).filter((sha, index) => sha === shaOf(first)[index])).toHaveLength(shaOf(first).length / 2);
  });

  test('know at least 32 kinds of fault that can be seen, and every analysis', () => {
    expect(Object.values(faultKinds).filter(({ hard }) => hard === undefined).length).toBeGreaterThanOrEqual(32);
    expect(Object.keys(answerers).sort()).toEqual([...definitions.bySlug.keys()].sort());
  });

  test.each(Object.keys(answerers))('have right answers for %s, in the form that is asked for', (slug) => {
    const random = randomOf(slug);
    const drawn = Array.from({ length: 60 }, () => questionOf(first.album, { slugs: [slug] }, random));
    const questions = drawn.filter((question) => question !== undefined);
    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) {
      const { fields, coordinates } = question.definition;
      expect(checkOf(fields, coordinates).safeParse(question.model)).toMatchObject({ success: true });
    }
  });

  test.each(Object.keys(faultKinds))('"%s" says something else than the right answer', (kind) => {
    for (const made of [...first.faults, ...other.faults].filter((one) => one.kind === kind)) {
      if (made.finish !== 'stop') continue;
      expect(parsed(made.text)).not.toEqual(made.question.model);
    }
  });
});

describe('the right answers of bench:qa', () => {
  const cases = [...first.right, ...other.right];

  // what corrects itself is more than one object
  const single = cases.filter(({ kind }) => kind !== 'corrected afterwards');

  test.each(single.map((made) => [made.kind, made.question.definition.slug, made] as const))(
    '"%s" of %s has the form that was asked for',
    (_, __, { question, text }) => {
      const { fields, coordinates } = question.definition;
      const json: unknown = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
      expect(checkOf(fields, coordinates).safeParse(json)).toMatchObject({ success: true });
    },
  );

  test('have their boxes where the things were drawn, in every way of writing them', () => {
    const detections = [...cases, ...first.faults, ...other.faults]
      .map(({ question }) => question)
      .filter(({ definition: { slug } }) => slug === 'object-detection');
    const modes = new Set(detections.map(({ definition }) => definition.coordinates));
    expect(modes.size).toBe(coordinateModeSchema.options.length);
    for (const question of detections) {
      const boxes = boxesOf(question);
      expect(boxes).toHaveLength(question.scene.things.length);
      for (const [index, { box }] of question.scene.things.entries())
        expect(overlap(boxes[index] as Rectangle, box)).toBeGreaterThan(0.75);
    }
  });

  test('speak of things that are in the pixels', async () => {
    const clear = first.album.pictures.filter(({ scene: { kind } }) => ['shapes', 'alike', 'edge'].includes(kind));
    for (const { scene, image } of clear) {
      const { data, info } = await sharp(image.bytes).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([image.width, image.height]);
      for (const { box, colour } of scene.things) {
        const x = Math.round(((box.x + box.width / 2) / scene.width) * info.width);
        const y = Math.round(((box.y + box.height * 0.6) / scene.height) * info.height);
        const at = (y * info.width + x) * info.channels;
        expect(distance([...data.subarray(at, at + 3)], colour.rgb)).toBeLessThan(30);
      }
    }
  });

  test('name shares that sum to one', () => {
    const palettes = cases.filter(
      ({ kind, question }) => kind !== 'small colours left out' && 'colours' in question.value,
    );
    for (const { question } of palettes) {
      const entries = question.value['colours'] as { share: number }[];
      expect(entries.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 1);
    }
  });
});

test('the product is asked about each case, and the figures add up', () => {
  const judged = [...first.faults, ...first.right].map((made) => judge(made, qaSettingsOf(qa, settings)));
  const { faults, hard, right, disputed } = tally(judged);
  const all = [...faults, ...hard, ...right, ...disputed];
  const count = all.reduce((sum, { cases }) => sum + cases, 0);
  expect(count).toBe(first.faults.length + first.right.length);
  for (const { cases, by } of all) expect(Object.values(by).reduce((sum, part) => sum + part, 0)).toBe(cases);
});

test('models on photographs are suspected where they misread, and not where they do as they are asked', async () => {
  const photographs = await makePhotographs(settings.vision.image, { seed: 1, perPhotograph: 1 });
  expect(photographs.length).toBeGreaterThan(3);
  const detection = definitions.bySlug.get('object-detection') as Definition;
  const options = { seed: 1, models: 1, images: 80 };
  const rows = measureModels(photographs, detection, qaSettingsOf(qa, settings), options);
  expect(falseSuspicions(rows)).toBe(0);
  const suspected = rows.filter((row) => row.suspected > 0).map(({ habit }) => habit);
  expect(suspected).toEqual(expect.arrayContaining(['axes swapped, thousandths', 'corners read as sizes, pixels']));
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function boxesOf({ definition, model, picture: { image } }: Question): Rectangle[] {
  const frame = {
    ...{ mode: definition.coordinates, sentWidth: image.width, sentHeight: image.height },
    ...{ originalWidth: image.originalWidth, originalHeight: image.originalHeight },
  };
  const result = resultOf(definition.fields, model, frame) as unknown as {
    objects_detected: { bounding_box: Rectangle }[];
  };
  return result.objects_detected.map((object) => object.bounding_box);
}

/** Intersection over union. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}
