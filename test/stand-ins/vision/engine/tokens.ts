import type { ImageSize } from './images.ts';
import type { Message } from './inference.ts';

/** English text in the vocabularies of today's models. */
const CHARS_PER_TOKEN = 4;
/** Pixels of one image token's side, and the bounds the real server starts Qwen 2.5 VL with. */
const PATCH_PX = 28;
const MIN_IMAGE_TOKENS = 1024;
const MAX_IMAGE_TOKENS = 4096;
/** What the real server reckons for an image, whatever its size, when it decides what to drop. */
const DROP_IMAGE_TOKENS = 768;

/** How long a prompt is. */
export interface PromptTokens {
  readonly all: number;
  readonly ofImages: number;
}

export function textTokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

/** The beginning of a text that has at most so many tokens. */
export function firstTokens(text: string, tokens: number): string {
  return text.slice(0, tokens * CHARS_PER_TOKEN);
}

export function imageTokens({ width, height }: ImageSize): number {
  const patches = Math.ceil(width / PATCH_PX) * Math.ceil(height / PATCH_PX);
  return Math.min(MAX_IMAGE_TOKENS, Math.max(MIN_IMAGE_TOKENS, patches));
}

/**
 * Drops messages from the front until the rest fits, keeping system messages and the last one. The image may be lost
 * that way, and nobody is told: that is what the real server does unless `truncate` is false.
 */
export function dropOldest(messages: readonly Message[], contextTokens: number): readonly Message[] {
  for (let start = 0; start < messages.length; start += 1) {
    const system = messages.slice(0, start).filter((message) => message.role === 'system');
    const kept = [...system, ...messages.slice(start)];
    if (start === messages.length - 1 || roughTokens(kept) <= contextTokens) return kept;
  }
  return messages;
}

function roughTokens(messages: readonly Message[]): number {
  return messages
    .flatMap((message) => message.parts)
    .reduce((sum, part) => sum + (part.kind === 'text' ? textTokens(part.text) : DROP_IMAGE_TOKENS), 0);
}
