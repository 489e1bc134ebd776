import { readFile } from 'node:fs/promises';
import { extname, join, normalize, posix } from 'node:path';
import type { FaultAction } from '../shared/faults.ts';
import { jsonAnswer, type Answer } from '../shared/http.ts';
import { findSentinel, imageAnswer } from './broken-images.ts';
import { drawImage, parseGeneratedName, type GeneratedImage } from './generated-image.ts';

const MIME_BY_EXTENSION: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** Where the stand-in finds the image of a path: registered files first, then what the name itself says. */
export interface Images {
  add(path: string, bytes: Buffer, mime?: string): void;
  addDirectory(prefix: string, folder: string): void;
  /** The path was registered by `add` or lies in a directory of `addDirectory`. */
  has(path: string): boolean;
  /** How the name wants its bytes sent, as with `slow-` and `reset-`. */
  manner(path: string): FaultAction | undefined;
  answer(path: string): Promise<Answer>;
}

export function createImages(): Images {
  const files = new Map<string, Answer>();
  const folders = new Map<string, string>();
  const drawn = new Map<string, Promise<Buffer>>();
  const folderOf = (path: string): [string, string] | undefined =>
    [...folders].find(([prefix]) => path.startsWith(prefix));

  const has = (path: string): boolean => files.has(path) || folderOf(path) !== undefined;

  const drawOnce = (name: string, image: GeneratedImage): Promise<Buffer> => {
    const bytes = drawn.get(name) ?? drawImage(image);
    drawn.set(name, bytes);
    return bytes;
  };

  return {
    add(path, bytes, mime = mimeOf(path)) {
      files.set(path, imageAnswer(bytes, mime));
    },
    addDirectory(prefix, folder) {
      folders.set(prefix.endsWith('/') ? prefix : `${prefix}/`, folder);
    },
    has,
    manner: (path) => (has(path) ? undefined : findSentinel(posix.basename(path))?.action),
    async answer(path) {
      const file = files.get(path);
      if (file) return file;
      const folder = folderOf(path);
      return folder ? fromFolder(path.slice(folder[0].length), folder[1]) : fromName(path, drawOnce);
    },
  };
}

async function fromFolder(relativePath: string, folder: string): Promise<Answer> {
  const inside = normalize(relativePath);
  if (inside.startsWith('..')) return notFound();
  const bytes = await readFile(join(folder, inside)).catch(() => undefined);
  return bytes ? imageAnswer(bytes, mimeOf(inside)) : notFound();
}

async function fromName(path: string, draw: (name: string, image: GeneratedImage) => Promise<Buffer>): Promise<Answer> {
  const name = posix.basename(path);
  const sentinel = findSentinel(name);
  if (sentinel) return sentinel.answer(name);
  const image = posix.basename(posix.dirname(path)) === 'generated' ? parseGeneratedName(name) : undefined;
  return image ? imageAnswer(await draw(name, image), `image/${image.format}`) : notFound();
}

function mimeOf(path: string): string {
  return MIME_BY_EXTENSION[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

function notFound(): Answer {
  return jsonAnswer(404, { detail: 'Not Found' });
}
