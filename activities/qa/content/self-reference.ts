import type { Fault, ParsedAnswer } from '../types.ts';
import { saidIn } from './said.ts';

/** What "I" and "you" may do in words about an image: be there, look, and judge what is seen. */
const looks =
  /\b(see|seen|saw|make out|notice|observe|spot|count|counted|find|found|recogni[sz]e|identify|discern|read|tell|distinguish|detect|say|guess|estimate|assume|suppose|believe|think|imagine|judge|look|looking|standing|sitting|facing|perceive|sure|certain|confident)\b/i;
/** But not at the image itself: it is there, and what is seen is in it. */
const atTheImage =
  /\b(see|view|read|find|detect|look at|recogni[sz]e|identify)(ing)? (the|this|that|any|your|an?|no) (\w+ )?(image|picture|photo(graph)?|file|attachment|upload)\b(?! (of|with|showing|that|in|on|frame))/i;
/** Words that stand in the image, without quotation marks. */
const readsOut =
  /\b(says?|saying|said|reads?|reading|wr(ote|itten|ites|iting)|print(s|ed)|label(s|l?ed)|titled|entitled|words?|text|slogan|caption(ed)?|phrase|message|note|lettering|letters|inscription|sign|poster|banner|sticker|headline|asks?|asking|tells|shouts|marked|named|called|song|lyrics)\b/i;

const firstPerson = /(?<![\w'-])(I|I'm|I've|I'd|I'll|my|My|myself|me)(?![\w-])/;
const secondPerson = /(?<![\w'-])(you|your|yours|you're|please|let's|let us)(?![\w-])/i;
/** Numbers, names, turns of phrase, and where the viewer stands. */
const noPerson = [
  /\b(type|class|part|phase|level|war|grade|stage|act|volume|chapter|vitamin|elizabeth|charles|james|george|napoleon|wilhelm|francis|nicholas|ramses) I\b|\bI[-.]/gi,
  /\bMy [A-Z]\w+|\bmy own\b|\b([Ii]n )?my (view|opinion|estimate|guess|impression|left|right|best)\b/g,
  /\b(to|for|reminds|strikes) me\b/gi,
  /\b(your|the) (eyes?|gaze|attention|left|right|front)\b|\b(draws?|invites?|faces?|towards?|at|of|above|below|before|behind|around) you\b/gi,
];

/** A clause whose subject is the description or the request, and what becomes of it. */
const ofTheTask = new RegExp(
  [
    /^\W*((the|this|that|your|no|any|an?|our|its|all|image|visual|brief|short|long|detailed|complete|final|full|requested|required|so|and|but|therefore|hence)\W+){0,5}/,
    /(descriptions?|captions?|summar(y|ies)|anal(ysis|yses)|breakdown|answers?|requests?|responses?|repl(y|ies)|tasks?|outputs?|prompts?|instructions|guidelines|details|sessions?|inputs?)/,
    /( \w+ly)?,?\W+((is|are|was|were|has been|have been) (\w+ly )?(not|given|provided|added|pending|complete|omitted|withheld|unavailable|available|finished|ready|below|above|generated|blocked|refused|restricted|disabled)|will|cannot|could not|would|must|should|continues|follows|stops|ends|complete|pending|unavailable|omitted|withheld)\b/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
);

/** Answers that speak of whoever gives them, to whoever asked, or of the task, where the image is described. English only. */
export const selfReference = ({ texts }: ParsedAnswer): Fault[] =>
  texts
    .filter(
      (at) =>
        at.kind === 'prose' &&
        saidIn(at)
          .split(/(?<=[.!?])\s+|\n+/u)
          .some(isSelfReferent),
    )
    .map(({ path }) => ({ path, message: `${path}: describe the image, and nothing about yourself or whoever asks` }));

function isSelfReferent(sentence: string): boolean {
  let before = '';
  return sentence.split(/(?<=[:;,]\s)/u).some((clause) => {
    const isReadOut = (upTo: number) => readsOut.test(before + clause.slice(0, upTo));
    const isFault = (ofTheTask.test(clause) && !isReadOut(0)) || speaks(clause, isReadOut);
    before += clause;
    return isFault;
  });
}

function speaks(clause: string, isReadOut: (upTo: number) => boolean): boolean {
  const said = noPerson.reduce((text, turn) => text.replaceAll(turn, (match) => ' '.repeat(match.length)), clause);
  const found = firstPerson.exec(said) ?? secondPerson.exec(said);
  if (!found || isReadOut(found.index)) return false;
  return !looks.test(said.slice(found.index)) || atTheImage.test(said);
}
