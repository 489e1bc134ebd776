/** One thing Discord would not take. Codes and texts are Discord's own. */
interface Problem {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const LIMITS = {
  content: 2000,
  username: 80,
  embeds: 10,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
  allEmbeds: 6000,
  color: 0xffffff,
} as const;

type Values = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** What is wrong with the JSON body of a webhook call; empty: nothing. */
export function validateMessage(body: Values): Problem[] {
  const embeds = Array.isArray(body['embeds']) ? body['embeds'].map(asValues) : [];
  const problems = [
    ...checkText(['content'], body['content'], LIMITS.content),
    ...checkText(['username'], body['username'], LIMITS.username),
    ...checkList(['embeds'], body['embeds'], LIMITS.embeds),
    ...embeds.flatMap((embed, index) => [...checkEmbed(['embeds', index], embed)]),
  ];
  if (embeds.reduce((sum, embed) => sum + textLength(embed), 0) > LIMITS.allEmbeds) {
    const message = `Embed size exceeds maximum size of ${LIMITS.allEmbeds}`;
    problems.push({ path: ['embeds'], code: 'MAX_EMBED_SIZE_EXCEEDED', message });
  }
  return problems;
}

/** Discord's answer to a body with problems: the paths as nested objects, the texts in `_errors`. */
export function toErrorBody(problems: readonly Problem[]): object {
  const errors: Record<string, unknown> = {};
  for (const { path, code, message } of problems) {
    let node = errors;
    for (const part of path) node = (node[part] ??= {}) as Record<string, unknown>;
    ((node['_errors'] ??= []) as object[]).push({ code, message });
  }
  return { message: 'Invalid Form Body', code: 50035, errors };
}

function* checkEmbed(path: Path, embed: Values): Generator<Problem> {
  yield* checkText([...path, 'title'], embed['title'], LIMITS.title);
  yield* checkText([...path, 'description'], embed['description'], LIMITS.description);
  yield* checkColor([...path, 'color'], embed['color']);
  yield* checkTimestamp([...path, 'timestamp'], embed['timestamp']);
  if (embed['footer'] !== undefined) {
    yield* checkText([...path, 'footer', 'text'], asValues(embed['footer'])['text'], LIMITS.footer, 'required');
  }
  if (embed['author'] !== undefined) {
    yield* checkText([...path, 'author', 'name'], asValues(embed['author'])['name'], LIMITS.author, 'required');
  }
  yield* checkList([...path, 'fields'], embed['fields'], LIMITS.fields);
  for (const [index, field] of fieldsOf(embed).entries()) {
    yield* checkText([...path, 'fields', index, 'name'], field['name'], LIMITS.fieldName, 'required');
    yield* checkText([...path, 'fields', index, 'value'], field['value'], LIMITS.fieldValue, 'required');
  }
  const isEmpty = ['title', 'description', 'fields', 'footer', 'author', 'image', 'thumbnail'].every(
    (key) => !embed[key],
  );
  if (isEmpty) yield required([...path, 'description']);
}

function* checkText(path: Path, value: unknown, maxLength: number, need?: 'required'): Generator<Problem> {
  if (value === undefined || value === null || value === '') {
    if (need) yield required(path);
  } else if (typeof value !== 'string') {
    yield { path, code: 'STRING_TYPE_CONVERT', message: `Could not interpret "${JSON.stringify(value)}" as string.` };
  } else if (lengthOf(value) > maxLength) {
    yield tooLong(path, maxLength);
  }
}

function* checkList(path: Path, value: unknown, maxLength: number): Generator<Problem> {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value))
    yield { path, code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' };
  else if (value.length > maxLength) yield tooLong(path, maxLength);
}

function* checkColor(path: Path, value: unknown): Generator<Problem> {
  if (value === undefined || value === null) return;
  if (!Number.isInteger(value)) {
    yield { path, code: 'NUMBER_TYPE_COERCE', message: `Value ${JSON.stringify(value)} is not int.` };
  } else if (Number(value) < 0 || Number(value) > LIMITS.color) {
    const [code, bound] = Number(value) < 0 ? ['NUMBER_TYPE_MIN', 'greater'] : ['NUMBER_TYPE_MAX', 'less'];
    const limit = Number(value) < 0 ? 0 : LIMITS.color;
    yield { path, code, message: `int value should be ${bound} than or equal to ${limit}.` };
  }
}

function* checkTimestamp(path: Path, value: unknown): Generator<Problem> {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
    yield {
      path,
      code: 'DATE_TIME_TYPE_PARSE',
      message: `Could not parse ${JSON.stringify(value)}. Should be ISO8601.`,
    };
  }
}

/** The characters that count towards the limit of all embeds together. */
function textLength(embed: Values): number {
  const texts = [
    embed['title'],
    embed['description'],
    asValues(embed['footer'])['text'],
    asValues(embed['author'])['name'],
  ];
  for (const field of fieldsOf(embed)) texts.push(field['name'], field['value']);
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? lengthOf(text) : 0), 0);
}

/** Discord counts characters, not UTF-16 units, and drops white space at the ends. */
function lengthOf(text: string): number {
  return Array.from(text.trim()).length;
}

function fieldsOf(embed: Values): Values[] {
  return Array.isArray(embed['fields']) ? embed['fields'].map(asValues) : [];
}

function asValues(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}

function required(path: Path): Problem {
  return { path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
}

function tooLong(path: Path, maxLength: number): Problem {
  return { path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${maxLength} or fewer in length.` };
}
