import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { ImageForModel } from '../../activities/vision/provider.ts';
import { brightness, type Colour, hexOf } from './colours.ts';
import { lineOfText } from './glyphs.ts';
import type { Scene, Thing } from './scene.ts';

/** Draws a picture as a model sees it. */
export async function draw(scene: Scene): Promise<ImageForModel> {
  const { sent, width: originalWidth, height: originalHeight } = scene;
  let picture = sharp(Buffer.from(svgOf(scene)))
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  if (scene.isBlurred) picture = picture.blur(16);
  if (scene.isFlat) picture = picture.linear(0.1, 112);
  if (scene.light === 'under') picture = picture.linear(0.11, 0);
  if (scene.light === 'over') picture = picture.linear(0.3, 205);
  const bytes = await picture.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, mime: 'image/jpeg', ...sent, originalWidth, originalHeight, sha256, variant: 'optimised' };
}

function svgOf({ width, height, sent, background, things, words = '' }: Scene): string {
  const shades = [0.97, 1.03].map((by) => hexOf(background.rgb.map((value) => value * by)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sent.width}" height="${sent.height}"
    viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">
    <linearGradient id="light" x2="0" y2="1"><stop stop-color="${shades[0] ?? ''}"/>
    <stop offset="1" stop-color="${shades[1] ?? ''}"/></linearGradient>
    <rect width="${width}" height="${height}" fill="url(#light)"/>
    ${things.map((thing) => shapeOf(thing, words)).join('\n')}</svg>`;
}

function shapeOf({ label, colour, box: { x, y, width, height } }: Thing, words: string): string {
  const [middle, centre, right, bottom] = [x + width / 2, y + height / 2, x + width, y + height];
  const paint = `fill="${hexOf(colour.rgb)}"`;
  const rectangle = (left: number, top: number, wide: number, high: number) =>
    `<rect x="${left}" y="${top}" width="${wide}" height="${high}" ${paint}/>`;
  switch (label) {
    case 'circle':
    case 'ellipse':
      return `<ellipse cx="${middle}" cy="${centre}" rx="${width / 2}" ry="${height / 2}" ${paint}/>`;
    case 'triangle':
      return `<path d="M${middle} ${y}L${right} ${bottom}H${x}z" ${paint}/>`;
    case 'diamond':
      return `<path d="M${middle} ${y}L${right} ${centre}L${middle} ${bottom}L${x} ${centre}z" ${paint}/>`;
    case 'person':
      return `<circle cx="${middle}" cy="${y + height * 0.11}" r="${height * 0.11}" fill="#c99a78"/>
        ${rectangle(x, y + height * 0.24, width, height * 0.36)}
        ${rectangle(x + width * 0.12, y + height * 0.6, width * 0.3, height * 0.4)}
        ${rectangle(x + width * 0.58, y + height * 0.6, width * 0.3, height * 0.4)}`;
    case 'sign': {
      const text = lineOfText(words, x + width * 0.06, y + height * 0.3, width * 0.88);
      return `${rectangle(x, y, width, height)}<path d="${text.path}" fill="${inkFor(colour)}"/>`;
    }
    default:
      return rectangle(x, y, width, height);
  }
}

const inkFor = ({ rgb }: Colour) => (brightness(rgb) > 128 ? '#101010' : '#f4f4f4');
