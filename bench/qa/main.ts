import { parseArgs } from 'node:util';
import { loadConfig } from '../../config/load.ts';
import { qaSettingsOf } from '../../config/qa.ts';
import { faultCases, rightCases } from './cases.ts';
import { faultKinds } from './faults/kinds.ts';
import { heldOutCases } from './held-out.ts';
import { judge, type Judged } from './judge.ts';
import { falseSuspicions, maxFalseSuspicions, measureModels, tableOfModels } from './models.ts';
import { makePhotographs } from './photographs.ts';
import { makeAlbum } from './questions.ts';
import { rightKinds } from './right.ts';
import { isProven, maxFalseAlarmShare, minCaughtShare, tableOf, tally } from './tally.ts';

const usage = `usage: npm run bench:qa -- [--seed 25] [--cases 2600] [--photographs 9] [--show KIND] [--json]

Draws pictures of known content, writes right answers about them and plants faults, and asks the product's QA about each.
--seed   changes every second case and picture; the others are always the same
--cases  at least so many with a fault, and so many without
--photographs  views of each of the demo's photographs, for models that write boxes otherwise than they are asked; 0 for none
--show   prints answers of one kind (or of "all") that were judged wrongly, with what the product said
Ends with 1 when less than ${minCaughtShare * 100} % of the faults are caught, more than ${maxFalseAlarmShare * 100} % of the right answers are not
accepted, or more than ${maxFalseSuspicions * 100} % of the models that write boxes as they are asked are suspected.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '25' },
    cases: { type: 'string', default: '2600' },
    photographs: { type: 'string', default: '9' },
    show: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);
const required = Object.values(faultKinds).filter(({ hard }) => hard === undefined).length;

function show(judged: readonly Judged[]): void {
  const wrong = judged.filter(
    ({ case: { isFault, kind }, judgement }) =>
      (values.show === 'all' || values.show === kind) && (judgement === 'accepted') === isFault,
  );
  for (const { case: made, judgement, reasons } of wrong) {
    const { question } = made;
    say(
      `\n${made.kind} · ${question.definition.slug} (${question.definition.coordinates}) · ${question.scene.kind} · ${judgement}`,
    );
    say(`  answer: ${made.text.slice(0, 700)}`);
    if (made.isFault) say(`  right:  ${JSON.stringify(question.model).slice(0, 300)}`);
    for (const reason of reasons) say(`  ${reason}`);
  }
}

async function main(): Promise<void> {
  if (values.help) return void say(usage);
  const [seed, cases] = [Number(values.seed), Number(values.cases)];
  const startedMs = performance.now();
  const { definitions, settings, qa } = loadConfig([], {});
  const album = await makeAlbum(definitions.bySlug, definitions.systemPrompt, { seed, perKind: 12 });
  const made = [
    ...faultCases(album, { seed, perKind: Math.ceil(cases / required) }),
    ...rightCases(album, { seed, perKind: Math.ceil(cases / Object.keys(rightKinds).length) }),
  ];
  const judged = made.map((one) => judge(one, qaSettingsOf(qa, settings)));
  const result = tally(judged);
  const heldOut = tally(heldOutCases(album).map((one) => judge(one, qaSettingsOf(qa, settings))));
  const perPhotograph = Number(values.photographs);
  const photographs = perPhotograph > 0 ? await makePhotographs(settings.vision.image, { seed, perPhotograph }) : [];
  const detection = definitions.bySlug.get('object-detection');
  const models =
    photographs.length > 0 && detection
      ? measureModels(photographs, detection, qaSettingsOf(qa, settings), { seed, models: 10, images: 150 })
      : [];
  const seconds = (performance.now() - startedMs) / 1000;
  const isGood = isProven(result) && falseSuspicions(models) <= maxFalseSuspicions;
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return void say(JSON.stringify({ seed, seconds, isProven: isGood, ...result, heldOut, models }));
  say(`${tableOf('fault', result.faults, 'caught')}\n`);
  say(`${tableOf('fault that leaves no trace, not counted', result.hard, 'caught')}\n`);
  say(`${tableOf('right answer', result.right, 'alarms')}\n`);
  say(`${tableOf('disputed answer, not counted', result.disputed, 'alarms')}\n`);
  say(tableOf('held out, never tuned on', heldOut.faults, 'caught'));
  say(`${tableOf('held out, right', heldOut.right, 'alarms')}\n`);
  if (models.length > 0) say(`${tableOfModels(models)}\n`);
  const slugs = [...new Set(made.map(({ question }) => question.definition.slug))];
  say(
    `seed ${seed}, ${album.pictures.length} pictures, ${slugs.length} analyses (${slugs.join(', ')}), ${seconds.toFixed(1)} s`,
  );
  say(
    `caught ${(result.caughtShare * 100).toFixed(2)} % of the faults (at least ${minCaughtShare * 100} %), ` +
      `false alarms ${(result.falseAlarmShare * 100).toFixed(2)} % (at most ${maxFalseAlarmShare * 100} %)`,
  );
  if (values.show !== undefined) show(judged);
}

await main();
