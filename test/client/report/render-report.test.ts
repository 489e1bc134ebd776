import sharp from 'sharp';
import { expect, test } from 'vitest';
import { renderReport } from '../../../client/report/render-report.ts';
import type { Report } from '../../../workflows/goflow/contracts/report.ts';
import { sampleAnswer, sampleMedia, sampleResults } from './sample-results.ts';

/** Without the blanks that have no meaning. */
const flat = (page: string) => page.replace(/\s+/g, ' ').replace(/ ?(<|>) ?/g, '$1');
const noPicture = () => Promise.resolve(undefined);
const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#446688' } })
    .jpeg()
    .toBuffer();

const report = (summary: string, key_findings: string[]): Report => ({
  type: 'quality_analysis',
  report: {
    summary,
    details: {
      total_media_processed: 1,
      total_analyses_completed: 1,
      processing_time_minutes: 0.1,
      success_rate: 1,
      analysis_types_completed: ['object-detection'],
      key_findings,
      failed: [],
    },
  },
});

const cup = { name: 'cup', confidence: 0.66, bounding_box: { x: 80, y: 300, width: 160, height: 150 } };

test('an image is shown with its boxes at their places, in shares of the oriented original', async () => {
  const image = sampleMedia('photo.jpg', [
    { name: 'objects', state: 'accepted', answer: sampleAnswer({ objects_detected: [cup] }) },
  ]);
  const page = await renderReport(sampleResults([image]), () => drawn(800, 600));
  expect(page).toContain('viewBox="0 0 800 600"');
  expect(page).toMatch(/<rect class="line"[^>]* x="80" y="300" width="160" height="150"/);
  expect(flat(page)).toMatch(/<span class="label" style="left:10.00%;top:50.00%;[^"]*">cup 66 %<\/span>/);
  expect(page).toContain('<img src="data:image/webp;base64,');
  expect(page).toContain('alt="photo.jpg: ');
});

test('a picture is scaled down, and turned as its EXIF orientation says', async () => {
  const turned = await sharp(await drawn(4000, 3000))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const page = await renderReport(sampleResults([sampleMedia('big.jpg', [])]), () => Promise.resolve(turned));
  expect(page).toContain('width="960" height="1280"');
});

test.each([
  ['no bytes', noPicture],
  ['bytes that are no image', () => Promise.resolve(Buffer.from('<svg onload=alert(1)>'))],
])('with %s the answers are shown without a picture', async (_, load) => {
  const image = sampleMedia('lost.jpg', [
    { name: 'count', state: 'accepted', answer: sampleAnswer({ people_count: 3 }) },
  ]);
  const page = await renderReport(sampleResults([image]), load);
  expect(page).not.toContain('<img');
  expect(page).toContain('no picture');
  expect(page).toContain('3 people');
});

test('verdicts, times, model and repairs of an answer are on the page', async () => {
  const verdicts = { structural: 'repaired', content: 'passed', domain: 'passed' } as const;
  const answer = sampleAnswer({ people_count: 3 }, { verdicts });
  const provenance = answer.provenance && { ...answer.provenance, issues: ['structural json: not JSON'] };
  const combination = {
    name: 'count',
    state: 'accepted' as const,
    acceptedAtMs: 0,
    answer: { ...answer, ...(provenance && { provenance }) },
  };
  const page = await renderReport(sampleResults([sampleMedia('a.jpg', [combination])]), noPicture);
  for (const text of ['a-model:7b', '1.2 s in 2 calls', '0.33.0', 'host-1', '1000 in, 50 out', '1970-01-01T00:00:00Z'])
    expect(page).toContain(`<dd>${text}</dd>`);
  expect(page).toContain('<span class="badge repaired">repaired</span>');
  expect(page).toContain('<li>structural json: not JSON</li>');
  expect(page).toContain('<pre>What do you see?</pre>');
});

test('what failed and what is not done yet is said, too', async () => {
  const image = sampleMedia('a.jpg', [
    { name: 'text', state: 'failed', failure: { code: 'QaRejected', message: 'no answer passed' } },
    { name: 'mood', state: 'pending' },
  ]);
  const page = await renderReport(sampleResults([image]), noPicture);
  expect(page).toContain('<h2 id="failures">Failures</h2>');
  expect(flat(page)).toContain('<td><code>QaRejected</code></td><td>no answer passed</td>');
  expect(page).toContain('0 of 2 accepted');
  expect(page).toContain('1 failed');
  expect(page).toContain('1 pending');
  expect(page).toContain('not answered yet');
});

const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1)> \${process} </style></title><!-- \u0000 &amp; \`'`;

test('nothing that a model or GoFlow wrote becomes markup', async () => {
  const answer = sampleAnswer(
    {
      [hostile]: hostile,
      list: [{ [hostile]: hostile }],
      image_description: hostile,
      colours: [{ hex: hostile, name: hostile }],
    },
    {
      stored: {
        modelUsed: hostile,
        model: hostile,
        userPromptUsed: hostile,
        analysisResult: { objects_detected: [{ ...cup, name: hostile }], note: hostile, [hostile]: [hostile] },
      },
    },
  );
  const provenance = answer.provenance && {
    ...answer.provenance,
    host: hostile,
    serverVersion: hostile,
    issues: [hostile],
  };
  const image = sampleMedia(hostile, [
    { name: hostile, state: 'accepted', answer: { ...answer, ...(provenance && { provenance }) } },
    { name: 'failed', state: 'failed', failure: { code: hostile, message: hostile } },
    {
      name: 'other',
      state: 'accepted',
      answer: sampleAnswer({ [hostile]: hostile, list: [{ [hostile]: hostile }], colours: [{ hex: hostile }] }),
    },
  ]);
  const party = { id: hostile, slug: hostile, name: hostile };
  const body = report(hostile, [hostile]);
  const page = await renderReport(
    sampleResults([image, image], {
      client: party,
      project: party,
      plannedAt: hostile,
      report: { body, isAccepted: true },
    }),
    () => drawn(80, 60),
  );
  const tags = new Set([...page.matchAll(/<\/?([a-z][a-z\d]*)/gi)].map(([, name]) => name?.toLowerCase()));
  expect(tags).not.toContain('script');
  expect(page.match(/<img /g)?.length).toBe(2);
  expect(page.match(/<\/(title|style)>/g)).toEqual(['</title>', '</style>']);
  expect(page).not.toContain('<!--');
  expect(page).not.toContain('\u0000');
  // whatever looks like a handler stands in a text, behind an escaped quote
  for (const [tag] of page.matchAll(/<[a-z][^>]*>/gi)) expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/onerror|alert/);
});

test('the page needs nothing from outside and runs no script', async () => {
  const image = sampleMedia('a.jpg', [
    { name: 'objects', state: 'accepted', answer: sampleAnswer({ objects_detected: [cup] }) },
  ]);
  const page = await renderReport(sampleResults([image]), () => drawn(80, 60));
  expect(page).not.toMatch(/https?:|<script|<link|@import|url\(/);
  expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
});

test('a reader of headings finds every image, and every control has a name', async () => {
  const answer = sampleAnswer({ objects_detected: [cup] });
  const images = ['a.jpg', 'b.jpg'].map((name) => sampleMedia(name, [{ name: 'objects', state: 'accepted', answer }]));
  const page = await renderReport(sampleResults(images), () => drawn(80, 60));
  const headings = [...page.matchAll(/<h([1-6])[^>]*>([^<]*)</g)].map(
    ([, level, text]) => `${level ?? ''} ${text ?? ''}`,
  );
  expect(headings).toEqual(expect.arrayContaining(['1 A project', '2 Images', '3 a.jpg', '3 b.jpg']));
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/<input [^>]*id="([^"]*)"/g)) expect(page).toContain(`<label for="${id ?? ''}">`);
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
});

test('a project that waits says for what', async () => {
  const waits = sampleResults([], { waitingFor: 'an operator: 1 of <6> combinations failed' });
  const page = await renderReport(waits, noPicture);
  expect(flat(page)).toContain('<p>Waits for an operator: 1 of &lt;6&gt; combinations failed</p>');
  expect(await renderReport(sampleResults([]), noPicture)).not.toContain('Waits for');
});
