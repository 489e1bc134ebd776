import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import { buildJob, type Job } from '../stand-ins/goflow/job.ts';
import type { Driver, OpenDriver } from '../support/drivers/driver.ts';
import { openGf25 } from '../support/drivers/gf25-driver.ts';
import { openHttp } from '../support/drivers/http-driver.ts';
import { openTemporal } from '../support/drivers/temporal-driver.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';

const drivers: readonly (readonly [string, OpenDriver])[] = [
  ['gf25 --json', openGf25],
  ['the temporal CLI', openTemporal],
  ['HTTP', openHttp],
];

/** What the steps work on: two lanes, and projects of 2 x 2 and 1 x 1. */
class Story {
  readonly site: Site;
  readonly driver: Driver;
  readonly queued = small('queued');
  readonly single = small('single');
  readonly many = [small('many', 1), small('many', 1)];
  readonly stuck = small('stuck', 1);
  readonly alsoStuck = small('stuck', 1);

  constructor(site: Site, driver: Driver) {
    this.site = site;
    this.driver = driver;
  }

  /** The first `times` sends of this combination are refused: its project holds. */
  refuse(job: Job, media: number, analysis: number, times = 1): void {
    const at = { mediaId: job.media[media]?.id ?? '', analysisId: job.analyses[analysis]?.id ?? '' };
    const match = { projectId: job.project.id, ...at };
    for (let n = 0; n < times; n += 1)
      this.site.goflow.faults.add({ endpoint: 'E3', match, action: { kind: 'answer', status: 404 } });
  }

  async submit(...jobs: readonly Job[]): Promise<string> {
    for (const job of jobs) this.site.goflow.registerProject(job, { expectComplete: false });
    const outcomes = await Promise.all(jobs.map((job) => this.driver.submit(job)));
    return [...new Set(outcomes)].join();
  }

  /** As every driver sees it, whatever visibility lags behind. */
  listed(client: string, jobs: readonly Job[], phase?: Progress['phase']): Promise<string[]> {
    const wanted = idsOf(jobs).join();
    return until(
      `${client} is listed`,
      async () => {
        const ids = await this.driver.list({ client, ...(phase && { phase }) });
        return ids.join() === wanted ? ids : undefined;
      },
      { everyMs: 400 },
    );
  }

  async phases(jobs: readonly Job[]): Promise<string[]> {
    return Promise.all(jobs.map(async (job) => (await this.site.progress(job)).phase));
  }

  async until(job: Job, phase: Progress['phase'], failed = 0): Promise<void> {
    await until(`${phase} with ${failed} failed`, async () => {
      const progress = await this.site.progress(job);
      return progress.phase === phase && progress.totals.failed === failed;
    });
  }
}

const small = (clientSlug: string, size = 2) =>
  buildJob({ seed: randomUUID(), images: size, analyses: size, clientSlug });
const idOf = ({ project }: Job) => project.id;
const idsOf = (jobs: readonly Job[]) => jobs.map(idOf).sort();
const refused = (because: string) => expect.stringMatching(new RegExp(`^refused: .*${because}`, 's')) as string;

interface Step {
  readonly verb: string;
  /** What an operator does; the value is what comes of it. */
  readonly act: (story: Story) => Promise<unknown>;
  readonly gives: unknown;
  /** What must hold afterwards, whichever way it was done. */
  readonly leaves?: (story: Story) => Promise<void>;
}

const anyRunning = ['waiting-for-gpu', 'processing'];

const steps: readonly Step[] = [
  {
    verb: 'intake show',
    act: async ({ driver }) => (await driver.showIntake()).paused,
    gives: false,
  },
  {
    verb: 'intake pause',
    act: ({ driver }) => driver.pauseIntake('GoFlow is being moved'),
    gives: 'done',
    leaves: async ({ site, driver, queued }) => {
      expect(await driver.showIntake()).toEqual({ paused: true, note: 'GoFlow is being moved' });
      site.goflow.enqueue(queued);
    },
  },
  {
    verb: 'submit',
    act: async (story) => {
      story.site.hosts[0]?.vision.script.add({ times: Infinity, action: { kind: 'hang', phase: 'before-headers' } });
      return story.submit(story.stuck, story.alsoStuck);
    },
    gives: 'done',
    leaves: async ({ site, stuck, alsoStuck }) => {
      await site.hosts[0]?.vision.waitFor((calls) => calls.length === 2, { timeoutMs: 30_000 });
      await Promise.all([site.untilPhase(stuck, 'processing'), site.untilPhase(alsoStuck, 'processing')]);
      site.hosts[0]?.vision.script.clear();
    },
  },
  {
    verb: 'submit one that runs',
    act: ({ driver, stuck }) => driver.submit(stuck),
    gives: refused(''),
  },
  {
    verb: 'submit (lanes are taken)',
    act: async (story) => {
      story.refuse(story.single, 0, 0);
      for (const [n, job] of story.many.entries()) story.refuse(job, 0, 0, n + 1);
      return story.submit(story.single, ...story.many);
    },
    gives: 'done',
    leaves: async (story) => {
      await until('all are planned', async () =>
        (await story.phases([story.single, ...story.many])).every((phase) => anyRunning.includes(phase)),
      );
    },
  },
  {
    verb: 'hosts',
    act: ({ driver }) => driver.hosts(),
    gives: ['host-1'],
  },
  {
    verb: 'show',
    act: async ({ driver, stuck }) => {
      const { phase, totals } = await driver.show(idOf(stuck));
      return { phase, totals };
    },
    gives: { phase: 'processing', totals: { combinations: 1, done: 0, failed: 0, running: 1 } },
  },
  {
    verb: 'resume one that is not paused',
    act: ({ driver, single }) => driver.say('resume', idOf(single), {}),
    gives: refused('the project is not paused'),
  },
  {
    verb: 'pause',
    act: ({ driver, single }) => driver.say('pause', idOf(single), {}),
    gives: 'done',
    leaves: async ({ driver, single }) => {
      expect((await driver.show(idOf(single))).phase).toBe('paused');
    },
  },
  {
    verb: 'resume',
    act: ({ driver, single }) => driver.say('resume', idOf(single), {}),
    gives: 'done',
    leaves: async ({ driver, single }) => {
      expect(anyRunning).toContain((await driver.show(idOf(single))).phase);
    },
  },
  {
    verb: 'pause many',
    act: async (story) => {
      await story.listed('many', story.many);
      return story.driver.sayToAll('pause', { client: 'many' }, {});
    },
    gives: 'done',
    leaves: async ({ many, ...story }) => {
      for (const job of many) await story.site.untilPhase(job, 'paused');
    },
  },
  {
    verb: 'list',
    act: (story) => story.listed('many', story.many, 'paused').then((ids) => ids.length),
    gives: 2,
  },
  {
    verb: 'resume many',
    act: ({ driver }) => driver.sayToAll('resume', { client: 'many', phase: 'paused' }, {}),
    gives: 'done',
    leaves: async (story) => {
      await until('all go on', async () =>
        (await story.phases(story.many)).every((phase) => anyRunning.includes(phase)),
      );
    },
  },
  {
    verb: 'cancel',
    act: ({ driver, stuck }) => driver.say('cancel', idOf(stuck), { reason: 'a mistake' }),
    gives: 'done',
    leaves: async (story) => {
      await expect(story.site.finished(story.stuck)).rejects.toThrow();
      expect(await story.phases([story.stuck])).toEqual(['cancelled']);
      expect(story.site.goflow.project(idOf(story.stuck))).toMatchObject({ accepted: 0, completed: false });
    },
  },
  {
    verb: 'cancel one that is over',
    act: ({ driver, stuck }) => driver.say('cancel', idOf(stuck), { reason: 'a mistake' }),
    gives: refused('(over|already completed)'),
  },
  {
    verb: 'cancel many',
    act: async (story) => {
      await story.listed('stuck', [story.alsoStuck], 'processing');
      return story.driver.sayToAll('cancel', { client: 'stuck' }, { reason: 'a mistake' });
    },
    gives: 'done',
    leaves: async (story) => {
      await expect(story.site.finished(story.alsoStuck)).rejects.toThrow();
      expect(await story.phases([story.alsoStuck])).toEqual(['cancelled']);
    },
  },
  {
    verb: 'rerun',
    act: ({ driver, stuck }) => driver.rerun(stuck),
    gives: 'done',
  },
  {
    verb: 'watch',
    act: ({ driver, stuck }) => driver.watch(idOf(stuck)),
    gives: 'done',
    leaves: async ({ site, stuck }) => {
      await site.finished(stuck);
      expectCompleted(site, stuck);
    },
  },
  {
    verb: 'accept',
    act: async (story) => {
      await story.until(story.single, 'holding', 1);
      return story.driver.say('accept', idOf(story.single), { reason: 'known to be broken' });
    },
    gives: 'done',
    leaves: async ({ site, single }) => {
      expect(await site.finished(single)).toMatchObject({ done: 3, failed: 1 });
      expectCompleted(site, single, { failed: 1 });
    },
  },
  {
    verb: 'report',
    act: ({ driver, single }) => driver.report(idOf(single)),
    gives: { accepted: 3, failed: 1 },
  },
  {
    verb: 'retry many',
    act: async (story) => {
      await story.listed('many', story.many, 'holding');
      return story.driver.sayToAll('retry', { client: 'many', phase: 'holding' }, {});
    },
    gives: 'done',
    leaves: async ({ site, many: [first] }) => {
      if (first) expect(await site.finished(first)).toMatchObject({ done: 1, failed: 0 });
    },
  },
  {
    verb: 'accept many',
    act: async (story) => {
      const [, second] = story.many;
      await until('it was refused again', () =>
        story.site.goflow
          .calls()
          .some(
            ({ endpoint, projectId, status }) =>
              endpoint === 'E3' && status === 404 && projectId === second?.project.id,
          ),
      );
      await story.listed('many', story.many.slice(1), 'holding');
      return story.driver.sayToAll('accept', { client: 'many' }, { reason: 'known to be broken' });
    },
    gives: 'done',
    leaves: async ({ site, many: [, second] }) => {
      if (second) expect(await site.finished(second)).toMatchObject({ done: 0, failed: 1 });
    },
  },
  {
    verb: 'intake resume',
    act: async (story) => {
      expect(story.site.goflow.queued()).toBe(1);
      for (const [media, analysis] of [
        [0, 0],
        [1, 0],
        [1, 1],
      ] as const)
        story.refuse(story.queued, media, analysis);
      story.site.goflow.faults.add({
        endpoint: 'E4',
        match: { projectId: idOf(story.queued) },
        action: { kind: 'answer', status: 404 },
      });
      return story.driver.resumeIntake();
    },
    gives: 'done',
    leaves: async (story) => {
      await until('it is taken', () => story.site.project(story.queued).describe());
      await story.until(story.queued, 'holding', 3);
    },
  },
  {
    verb: 'intake poll',
    act: ({ driver }) => driver.pollIntake(),
    gives: 'done',
  },
  {
    verb: 'retry an image that is not there',
    act: ({ driver, queued }) => driver.say('retry', idOf(queued), { mediaId: 'nope' }),
    gives: refused('mediaId: nope is not an image of this project'),
  },
  {
    verb: 'retry a project that is not there',
    act: ({ driver }) => driver.say('retry', 'nobody', {}),
    gives: 'missing',
  },
  {
    verb: 'retry one combination',
    act: ({ driver, queued }) =>
      driver.say('retry', idOf(queued), { mediaId: queued.media[0]?.id, analysisId: queued.analyses[0]?.id }),
    gives: 'done',
    leaves: (story) => story.until(story.queued, 'holding', 2),
  },
  {
    verb: 'retry one image',
    act: ({ driver, queued }) => driver.say('retry', idOf(queued), { mediaId: queued.media[1]?.id }),
    gives: 'done',
    leaves: (story) => story.until(story.queued, 'holding', 0),
  },
  {
    verb: 'retry the report',
    act: ({ driver, queued }) => driver.say('retry', idOf(queued), { step: 'report' }),
    gives: 'done',
    leaves: async ({ site, queued }) => {
      expect(await site.finished(queued)).toMatchObject({ done: 4, failed: 0 });
      expectCompleted(site, queued);
    },
  },
];

test.each(drivers)('every verb has the same outcome by %s', async (_, openDriver) => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 20 }] });
  const driver = await openDriver(site);
  try {
    const story = new Story(site, driver);
    for (const { verb, act, gives, leaves } of steps) {
      expect(await act(story), verb).toEqual(gives);
      await leaves?.(story);
    }
  } finally {
    await driver.close();
  }
  await site.close();
});
