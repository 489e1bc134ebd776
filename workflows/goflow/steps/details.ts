import type { MediaProgress, Phase, Progress } from '../contracts/progress.ts';
import { inCode, plain } from '../../shared/markdown.ts';
import { paceInWords } from '../../shared/pace.ts';
import type { Command } from './operator-commands.ts';

export interface Live {
  readonly nowMs: number;
  readonly perMinute: number | undefined;
  readonly commands: readonly Command[];
}

const maxImages = 30;
const maxFailures = 15;

const icons: Record<Phase, string> = {
  planning: '📝',
  'waiting-for-gpu': '⏳',
  processing: '🔎',
  holding: '✋',
  paused: '⏸️',
  'waiting-for-goflow': '📡',
  completing: '📦',
  done: '✅',
  failed: '❌',
  cancelled: '🚫',
};

/**
 * The live text of the Web UI: Markdown lists only, since its tables do not render there, and a few KB at most, since
 * the text travels in a URL.
 */
export function detailsOf(progress: Progress, live: Live): string {
  const blocks = [
    headOf(progress, live),
    imagesOf(progress.media),
    listOf('Failed', progress.failures, maxFailures, (failure) => failureLine(failure, progress.media)),
    listOf('Ignored signals', progress.ignoredSignals, maxFailures, plain),
    commandLines(live.commands),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headOf({ phase, since, totals, waitingFor }: Progress, { nowMs, perMinute }: Live): string[] {
  const { combinations, done, failed, running } = totals;
  const share = combinations === 0 ? 0 : Math.floor((done / combinations) * 100);
  const parts = [`**${done} of ${combinations}** done (${share} %)`, `${failed} failed`, `${running} in work`];
  if (perMinute !== undefined) parts.push(...paceInWords(combinations - done - failed, perMinute));
  return [
    `### ${icons[phase]} ${phase}`,
    ...(waitingFor === undefined ? [] : ['', `**Waits for ${plain(waitingFor)}**`]),
    '',
    parts.join(' · '),
    '',
    `since ${timeOf(since)} · as of ${timeOf(new Date(nowMs).toISOString())}`,
  ];
}

/** Those at work, or with something failed, one by one; the others as numbers. */
function imagesOf(media: readonly MediaProgress[]): string[] {
  const isQuiet = ({ state, done, failed }: MediaProgress) =>
    failed === 0 && (state === 'done' || (done === 0 && state !== 'analysing'));
  const quiet = media.filter(isQuiet);
  const loud = media.filter((item) => !quiet.includes(item));
  const numbers = (['done', 'staging', 'waiting'] as const)
    .map((state) => ({ state, count: quiet.filter((item) => item.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const rest = numbers.length === 0 ? [] : [`- ${loud.length > 0 ? 'the others' : 'all'}: ${numbers.join(', ')}`];
  const list = listOf('Images', loud, maxImages, mediaLine);
  return list.length > 0 ? [...list, ...rest] : media.length > 0 ? ['**Images**', '', ...rest] : [];
}

const mediaLine = ({ filename, state, host, done, total, failed }: MediaProgress) =>
  `${plain(filename)}: ${state}${host === undefined ? '' : ` on ${plain(host)}`}, ${done} of ${total}` +
  (failed > 0 ? `, **${failed} failed**` : '');

/** With the options that retry it alone. */
function failureLine(
  { mediaId, analysisId, code, message }: Progress['failures'][number],
  media: readonly MediaProgress[],
): string {
  const filename = media.find((item) => item.mediaId === mediaId)?.filename ?? mediaId;
  const options = inCode(`--media ${mediaId} --analysis ${analysisId}`);
  return `**${code}** in ${plain(filename)}: ${plain(message.slice(0, 160))} ${options}`;
}

function listOf<T>(title: string, items: readonly T[], most: number, line: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length > most ? [`- ... and ${items.length - most} more`] : [];
  return [`**${title}**`, '', ...items.slice(0, most).map((item) => `- ${line(item)}`), ...more];
}

function commandLines(commands: readonly Command[]): string[] {
  if (commands.length === 0) return [];
  const lines = commands.flatMap(({ gf25, temporal }, index) => [...(index > 0 ? [''] : []), gf25, temporal]);
  return ['**What you can do now**', '', '```', ...lines, '```'];
}

/** Such as `2026-11-20 14:03:21 UTC`. */
const timeOf = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
