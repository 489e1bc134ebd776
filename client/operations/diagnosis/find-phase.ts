import type { Progress } from '../../../workflows/goflow/contracts/progress.ts';
import { failures, isFailureCode } from '../../../workflows/shared/failures.ts';
import { durationOf } from '../../../workflows/shared/pace.ts';
import type { Commands } from './commands.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** So many combinations are named one by one. */
const maxNamed = 5;

/** A project that waits for a person's word; where it cannot say more, what it has said last counts. */
export function findOperatorWaits({ view: { project, progress }, legal }: Evidence, commands: Commands): Finding[] {
  const phase = progress?.phase ?? project.phase;
  if (phase === 'holding')
    return [
      {
        ...{ kind: 'holding', severity: 'error' },
        message: progress
          ? [
              `On hold since ${progress.since}, waiting for ${progress.waitingFor ?? 'an operator'}.`,
              ...failedOf(progress),
            ].join(' ')
          : 'On hold, waiting for an operator; why cannot be seen.',
        commands: progress
          ? [...legal.flatMap(commands.word), ...onlyOne(progress, commands)]
          : [commands.gf25('report')],
      },
    ];
  if (phase === 'paused')
    return [
      {
        ...{ kind: 'paused', severity: 'warning' },
        message: `Paused by an operator${progress ? ` since ${progress.since}` : ''}: nothing new starts.`,
        commands: progress ? legal.flatMap(commands.word) : [commands.gf25('resume')],
      },
    ];
  return [];
}

/** `GoFlowNotFound (2): hint; in a.jpg ...`, code by code. */
function failedOf({ failures: failed, media, totals }: Progress): string[] {
  const isCut = totals.failed > failed.length;
  const of = isCut ? ` of the first ${failed.length} listed` : '';
  const codes = [...new Set(failed.map(({ code }) => code))];
  const nameOf = (mediaId: string) => media.find((item) => item.mediaId === mediaId)?.filename ?? mediaId;
  const each = codes.map((code) => {
    const ofCode = failed.filter((failure) => failure.code === code);
    const named = ofCode
      .slice(0, maxNamed)
      .map(({ mediaId, analysisId, message }) => `${nameOf(mediaId)} / ${analysisId}: ${message}`);
    const more = ofCode.length > maxNamed ? [`and ${ofCode.length - maxNamed} more`] : [];
    const hint = isFailureCode(code) ? ` ${failures[code].hint}` : '';
    return `${code} (${ofCode.length}${of}):${hint} [${[...named, ...more].join('; ')}]`;
  });
  return isCut ? [`${totals.failed} failed in all.`, ...each] : each;
}

/** Where more than one failed, how to say it of one alone. */
function onlyOne({ failures: [first, ...others] }: Progress, commands: Commands): string[] {
  if (!first || others.length === 0) return [];
  return [commands.gf25('retry', ` --media ${first.mediaId} --analysis ${first.analysisId}`)];
}

/** How it ended. */
export function findEnd({ view: { project, result, failure } }: Evidence, commands: Commands): Finding {
  if (project.status === 'COMPLETED')
    return {
      ...{ kind: 'finished', severity: 'info' },
      message: result
        ? `Finished: ${result.done} of ${result.combinations} combinations done, ${result.failed} failed, report ${result.report}.`
        : 'Finished.',
      commands: [commands.gf25('report', ' --out DIR')],
    };
  if (failure?.code === 'MalformedJob')
    return {
      ...{ kind: 'ended-badly', severity: 'error' },
      message: `Over before it began: MalformedJob: ${failure.message}. ${failures.MalformedJob.hint} Mend the job at GoFlow, so that it is handed out again, or submit the mended one from a file.`,
      commands: ['gf25 submit FILE.json', commands.showHistory()],
    };
  const because = failure ? `: ${failure.code}: ${failure.message}` : '';
  const hint = isFailureCode(failure?.code) ? ` ${failures[failure.code].hint}` : '';
  const isWanted = project.phase === 'cancelled' || project.status === 'CANCELLED';
  return {
    ...{ kind: 'ended-badly', severity: isWanted ? 'warning' : 'error' },
    message: `Over without completing (${project.status.toLowerCase()})${because}.${hint} What was accepted stays accepted: a re-run sends the rest.`,
    commands: [commands.gf25('rerun'), commands.showHistory()],
  };
}

/** Nothing is wrong. */
export function findProgress({ view: { project, progress }, nowMs }: Evidence, commands: Commands): Finding {
  const base = { kind: 'progressing', severity: 'info', commands: [commands.gf25('watch')] } as const;
  if (!progress) return { ...base, message: 'Nothing is wrong.' };
  const { combinations, done, failed, running } = progress.totals;
  const minutes = (nowMs - Date.parse(project.started)) / 60_000;
  const perMinute = (done + failed) / minutes;
  const left = combinations - done - failed;
  const pace =
    perMinute > 0
      ? `, ${perMinute.toFixed(1)} a minute since its start, about ${durationOf(left / perMinute)} left`
      : '';
  return {
    ...base,
    message: `Nothing is wrong: ${progress.phase}, ${done} of ${combinations} done, ${failed} failed, ${running} at work${pace}.`,
  };
}
