import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import { countsPixels, describeBox } from './boxes.ts';
import { describeFields } from './fields.ts';
import type { ImageForModel } from './provider.ts';

export interface PromptContext {
  readonly analysisName: string;
  readonly analysisSlug: string;
  /** Pixels of the image as it is sent: what the model sees. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** Which variant of the image it is; nothing is said of it where this is absent. */
  readonly imageVariant?: ImageForModel['variant'];
}

/** Models name colours also where there are none. */
const aboutGreyscale = 'The image is greyscale: do not report colours; where a text must name one, write "unclear".';

/** The user's prompt of an analysis. The variables are known to `config/definitions.ts`, which refuses others. */
export function renderPrompt({ prompt, fields, coordinates }: Definition, context: PromptContext): string {
  const size = `${context.imageWidth} x ${context.imageHeight} pixels`;
  const variables: Record<string, string> = {
    analysis_name: plain(context.analysisName),
    analysis_slug: plain(context.analysisSlug),
    image_width: String(context.imageWidth),
    image_height: String(context.imageHeight),
    fields: describeFields(fields, coordinates),
    // a size in pixels would only tempt a model that writes boxes in parts of the image
    box_format: `Give each box as a ${describeBox(coordinates)}${countsPixels(coordinates) ? `, which has ${size}` : ''}.`,
  };
  const text = prompt.replace(/\{\{\s*([^}]*?)\s*\}\}/g, (_, name: string) => variables[name] ?? '');
  return context.imageVariant === 'greyscale' ? `${text}\n\n${aboutGreyscale}` : text;
}

/** Names come from outside: one line, and without the placeholder by which Ollama moves an image. */
const plain = (text: string) =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll('[img', '(img')
    .trim()
    .slice(0, 200);
