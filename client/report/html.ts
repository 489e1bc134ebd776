/** Text that is markup already. Only `html` makes it, so whatever else is put into a page gets escaped. */
export class Html {
  private readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/** A template whose values are escaped unless they are `Html`. Attribute values stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  // the indentation is for those who read the source
  const [first = '', ...others] = strings.map((string) => string.replace(/\s*\n\s*/g, '\n'));
  return new Html(first + others.map((string, index) => markupOf(parts[index]) + string).join(''));
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'object') return part.map(markupOf).join('');
  return String(part).replace(
    /[&<>"'`]|[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (character) => entities[character] ?? invisible(character),
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Line breaks are text; other control characters are not allowed in HTML, and changes of direction would turn what follows. */
const invisible = (character: string) => (/[\t\n\r]/.test(character) ? character : '\uFFFD');
