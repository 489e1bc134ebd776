import { createHash } from 'node:crypto';
import type { Image, Message } from './inference.ts';

/** What the engine wants to know of a conversation. */
export interface Conversation {
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly prompt: string;
  readonly promptSha256: string;
  readonly images: readonly Image[];
  readonly imageSha256: string | undefined;
  /**
   * Digest of everything up to and including the first image, which is what a slot recognises: text in front of the
   * image that changes from call to call makes every call a miss. Undefined without an image.
   */
  readonly prefix: string | undefined;
  /** Answers already given: 0 for the first question. */
  readonly turn: number;
  readonly lastText: string;
}

export function readConversation(model: string, messages: readonly Message[]): Conversation {
  const parts = messages.flatMap((message) => message.parts);
  const texts = messages.map(({ role, parts: own }) => ({
    role,
    text: own.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
  }));
  const prompt = texts
    .map(({ text }) => text)
    .filter(Boolean)
    .join('\n\n');
  const images = parts.filter((part) => part.kind === 'image');
  const [first] = images;
  const before = parts.slice(
    0,
    parts.findIndex((part) => part.kind === 'image'),
  );
  const textBefore = before.map((part) => (part.kind === 'text' ? part.text : '')).join('\n');
  return {
    messages: texts,
    prompt,
    promptSha256: sha256(prompt),
    images,
    imageSha256: first?.sha256,
    prefix: first && sha256(JSON.stringify([model, textBefore, first.sha256])),
    turn: messages.filter((message) => message.role === 'assistant').length,
    lastText: texts.at(-1)?.text ?? '',
  };
}

function sha256(data: string): string {
  return createHash('sha256').update(data).digest('hex');
}
