import { findDetectorFiles } from '../../activities/vision/embedded/detector-files.ts';
import { visionUrl } from './environment.ts';
import type { DemoOptions } from './options.ts';
import { photographFolder } from './photographs.ts';

const answerWithinMs = 5_000;

/**
 * What can be known to be missing before anything is started.
 *
 * @throws Error in words for the person at the terminal
 */
export async function checkWhatIsNeeded({ vision }: DemoOptions, env: NodeJS.ProcessEnv): Promise<void> {
  if (vision !== 'stand-in') photographFolder();
  if (vision === 'embedded') findDetectorFiles();
  if (vision === 'ollama') await checkOllama(visionUrl(env));
}

async function checkOllama(url: string): Promise<void> {
  // never the value itself: a password may stand in it
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error('GF25_VISION_URL is no http(s) URL: set it to where Ollama runs, such as http://127.0.0.1:11434');
  const answer = await fetch(new URL('/api/version', url), { signal: AbortSignal.timeout(answerWithinMs) }).catch(
    () => undefined,
  );
  if (answer?.ok === true) return;
  const what = answer === undefined ? 'nothing answers' : `the answer was ${answer.status}, not that of Ollama,`;
  throw new Error(`${what} at ${url}/api/version: start Ollama there, or set GF25_VISION_URL to where it runs`);
}
