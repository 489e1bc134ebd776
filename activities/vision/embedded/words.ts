const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Plurals of the COCO labels that the rule does not give. */
const PLURALS: Readonly<Record<string, string>> = {
  person: 'people',
  sheep: 'sheep',
  knife: 'knives',
  mouse: 'mice',
  skis: 'skis',
  scissors: 'scissors',
};

/** A count as English writes it: words up to ten, digits beyond. */
export function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

/** `one wine glass`, `three people`, `12 cars`. */
export function counted(count: number, label: string): string {
  return `${numberWord(count)} ${count === 1 ? label : pluralOf(label)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1) ?? ''}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function pluralOf(label: string): string {
  return PLURALS[label] ?? (/(s|x|ch|sh)$/.test(label) ? `${label}es` : `${label}s`);
}
