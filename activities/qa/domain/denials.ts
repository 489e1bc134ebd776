import type { Fault, ParsedAnswer } from '../types.ts';

/** What a list holds, in one word: `damages` and `damages.0.name` are about "damage", `activities` about "activity". */
export const stemOf = (path: string) =>
  (path.split('.')[0]?.split('_')[0] ?? '')
    .toLowerCase()
    .replace(/(?<=\w{2})ies$|(?<=x|ch|sh|ss)es$|(?<=\w{2})s$/, (end) => (end === 'ies' ? 'y' : ''));

/** One or more of them. */
const inWords = (stem: string) => (stem.endsWith('y') ? `${stem.slice(0, -1)}(y|ies)` : `${stem}(e?s)?`);

/** Before the denial stand at most a subject and its verb: no place, no second thing, no other clause. */
const subject =
  "((in|on) (this|the) (image|picture|photo(graph)?),? |(overall|\\w+ly), )?((?!(with|of|in|on|at|from|by|near|next|beside|behind|under|over|above|below|and|or)\\b)[\\w'-]+ ){0,6}";

/** The whole text is the denial, and nothing is left out: "no other damage" and "no damage to the roof" deny less. */
const denial = (stem: string) => {
  const kinds = '((visible|apparent|obvious|noticeable|recogni[sz]able|discernible|detectable|evident|real) )?';
  const seen =
    '(visible|seen|found|detected|present|apparent|recogni[sz]able|identified|observed|noticeable|discernible|made out)';
  const said = `( (is|are|was|were|can be|could be|has been|have been)( to be)?)? ?${seen}?`;
  const where = '( (at all|anywhere|here|(in|on) (this|the) (image|picture|photo(graph)?)))*';
  return new RegExp(
    `^\\W*${subject}(no|without( any)?|free (of|from)) ((signs?|trace|traces|evidence) of )?${kinds}${inWords(stem)}( at all)?${said}${where}\\W*$`,
    'i',
  );
};
const limits = /\b(but|except|although|though|while|whereas|other|further|besides|apart|only|beyond)\b/i;

/** Whether a text says in one sentence that there is nothing of a kind, and no more than that. */
export function denies(text: string, stem: string): boolean {
  if (stem.length < 3 || /[.!?]\s+\S/.test(text) || limits.test(text)) return false;
  return denial(stem).test(text.trim());
}

/** Prose that says that there is none of what the list beside it holds. */
export function deniedLists({ texts, fields }: ParsedAnswer): Fault[] {
  const lists = fields.filter(({ path, field, value }) => {
    return field.type === 'list' && !path.includes('.') && Array.isArray(value) && value.length > 0;
  });
  return texts
    .filter(({ path, kind }) => kind === 'prose' && !path.includes('.'))
    .flatMap(({ path, text }): Fault[] => {
      const list = lists.find((one) => denies(text, stemOf(one.path)));
      if (list === undefined) return [];
      return [{ path, message: `${path} says that there is nothing of the kind, but ${list.path} is not empty` }];
    });
}
