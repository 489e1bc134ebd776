import { expect, test } from 'vitest';
import { readDemoOptions } from '../../../tools/demo/options.ts';
import { checkWhatIsNeeded } from '../../../tools/demo/preflight.ts';

test.each(['gpu', 'not a url', '127.0.0.1:11434', 'ftp://gpu:11434'])(
  'a GF25_VISION_URL that is no address (%s) is named before anything starts',
  async (url) => {
    const options = readDemoOptions(['--vision', 'ollama']);
    if (options === 'help') throw new Error('options are needed');
    const refusal = /^GF25_VISION_URL is no http\(s\) URL: set it to where Ollama runs, such as http/;
    await expect(checkWhatIsNeeded(options, { GF25_VISION_URL: url })).rejects.toThrow(refusal);
  },
);
