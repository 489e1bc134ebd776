import { oncePer } from '../once-per.ts';
import type { TextAt } from '../types.ts';
import { wordsIn } from './said.ts';

/** What is to be given. */
const given = new Set(
  'description descriptions caption captions summary field fields value values answer answers placeholder string output response sentence sentences paragraph'.split(
    ' ',
  ),
);
/** What else can be said of it without a word of what there is to see. */
const ofTheTask = new Set(
  [
    'image images picture pictures photo photograph scene content contents text detail details information',
    'word words character characters thing things object objects subject subjects',
    'describe describes describing go goes come comes belong belongs contain contains containing give gives hold holds put',
    'write written fill filled insert inserted enter entered provide provided add added place placed appear appears stand',
    'stands state stated summarize summarizes summarizing see seen show shows shown depict depicts depicted visible',
    'main overall visual important relevant brief short detailed concise clear full complete plain general simple accurate factual maximum minimum length long max min',
    'one two three four five single english the a an of for in on at to from by is are be was were will would should must can may',
    'shall this that these those it its here there what which where who as and or not no your you we up about between within',
    'into than more most least per each every any all some',
  ]
    .join(' ')
    .split(' '),
);
/** Fewer words may name something that can be seen: "the caption text". */
const minWords = 5;

/** Whether a text speaks of what belongs into the field, and has no word of its own about anything to see. */
export const isAboutTheField = oncePer((at: TextAt): boolean => {
  const words = wordsIn(at);
  return (
    words.length >= minWords &&
    words.some((word) => given.has(word)) &&
    words.every((word) => given.has(word) || ofTheTask.has(word) || /^\d+$/.test(word))
  );
});
