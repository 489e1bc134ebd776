import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Faults } from './yaml-file.ts';

/** What the prompt of an analysis may say in double braces; see `activities/vision/prompt.ts`. */
export const promptVariables = [
  'analysis_name',
  'analysis_slug',
  'image_width',
  'image_height',
  'fields',
  'box_format',
];

/**
 * Reads a prompt; what is wrong with it is a fault of whoever names it.
 *
 * @param variables what it may say in double braces
 */
export function readPrompt(path: string, variables: readonly string[], where: string, faults: Faults): string {
  const file = basename(path);
  if (!existsSync(path)) {
    faults.add(where, `no such prompt: ${file}`);
    return '';
  }
  const text = readFileSync(path, 'utf8').trim();
  const add = (what: string) => faults.add(where, `the prompt ${file} ${what}`);
  if (text === '') add('is empty');
  // Ollama takes "[img" for a placeholder that moves the image
  if (text.includes('[img')) add('must not contain "[img"');
  const known = variables.length > 0 ? `known are ${variables.join(', ')}` : 'it is the same for all and knows none';
  const rest = text.replace(/\{\{\s*([^}]*?)\s*\}\}/g, (_, name: string) => {
    if (!variables.includes(name)) add(`uses {{${name}}}; ${known}`);
    return '';
  });
  const [loose] = /\{\{|\{\s*\w+\s*\}/.exec(rest) ?? [];
  if (loose === '{{' || variables.includes(loose?.slice(1, -1).trim() ?? ''))
    add(`has "${loose ?? ''}", which is no variable: those stand in double braces`);
  return text;
}
