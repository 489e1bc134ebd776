/** A message for one channel. Its texts may hold foreign words: they are made harmless and cut to Discord's limits. */
export interface Embed {
  readonly title: string;
  /** One paragraph each: only these breaks are ours. */
  readonly lines: readonly string[];
  readonly colour: 'success' | 'warning' | 'error';
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const colours = { success: 0x00ff00, warning: 0xffaa00, error: 0xff0000 } as const;

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits, in characters */
const limits = { title: 256, description: 4_096, fields: 25, fieldName: 256, fieldValue: 1_024, all: 6_000 } as const;

/** The body of a webhook call: one embed, within Discord's limits, that pings nobody. */
export function toMessage({ title, lines, colour, fields }: Embed, now: Date) {
  const head = cut(harmless(title), limits.title);
  let left = limits.all - lengthOf(head);
  const shown = [];
  for (const { name, value } of fields.slice(0, limits.fields)) {
    const field = {
      name: cut(harmless(name), limits.fieldName) || '-',
      value: cut(harmless(value), limits.fieldValue) || '-',
      inline: true,
    };
    const length = lengthOf(field.name) + lengthOf(field.value);
    if (length > left) break;
    left -= length;
    shown.push(field);
  }
  const description = cut(lines.map(harmless).join('\n'), Math.min(limits.description, left));
  const embed = { title: head, description, color: colours[colour], fields: shown, timestamp: now.toISOString() };
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}

/** Whatever a person or a model wrote: no control or direction characters, no mentions, no Markdown. */
const harmless = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/[\\`*~|<>[\]]|(?<!\w)_|_(?!\w)|(?<=^\s*)[#-](?=\s)/g, '\\$&')
    // a space of no width ends what would become a mention
    .replaceAll('@', '@\u200b')
    .trim();

const lengthOf = (text: string) => Array.from(text).length;

function cut(text: string, maxCharacters: number): string {
  const characters = Array.from(text);
  return characters.length <= maxCharacters ? text : `${characters.slice(0, Math.max(0, maxCharacters - 1)).join('')}…`;
}
