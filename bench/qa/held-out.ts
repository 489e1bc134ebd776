import { judge } from './judge.ts';
import { type Album, questionOf } from './questions.ts';
import { randomOf } from './random.ts';
import { isProse, places, put } from './write.ts';
import type { QaSettings } from '../../workflows/goflow/contracts/qa.ts';

/**
 * Held out: what models say instead of an answer, some by reports of their users, most from memory. Whoever collected them
 * had read the rules, but not at it. They measure how the rules do on words that nobody wrote them for, and are NEVER to
 * be tuned on: a rule that is changed because of a phrase here makes the figure worthless. Add to `faults/` instead.
 */
const phrases: readonly string[] = [
  // refusals
  "I can't see the image you're referring to.",
  "I don't have the capability to view images or access external data.",
  'I cannot see images directly, but I can help you analyze an image if you tell me what it is about.',
  "I'm happy to help, but I don't see an image.",
  "It's not visible in this text-based interface.",
  'Please provide the image you would like me to describe!',
  'Please provide me with the image!',
  "I'm sorry, but I'm unable to view images.",
  'Could you please describe the image to me?',
  'Desculpe, não posso fornecer ajuda com essa solicitação.',
  'I am afraid I cannot comply with that request.',
  'I must respectfully decline your request.',
  'That request seems to be in violation of my safety guidelines.',
  'Please understand that I am programmed to be helpful and harmless.',
  'As much as I would like to help, this is not something I can do.',
  "That's not something I can help with.",
  "I don't think it's appropriate to describe this.",
  'My guidelines prevent me from describing real people.',
  'My programming prevents me from answering this.',
  'I apologize, but this falls outside of what I can do.',
  'Identifying real people in photographs is something I choose not to do.',
  "Let's talk about something else instead.",
  "I'd be glad to help with a different image.",
  'This content may be sensitive, so no description will be given.',
  'To protect the privacy of the individuals, details are omitted.',
  'Out of respect for privacy, the analysis stops here.',
  'Es ist mir nicht gestattet, Personen auf Bildern zu beschreiben.',
  'Dabei kann ich leider nicht behilflich sein.',
  'Je ne suis pas autorisé à décrire cette image.',
  'Me temo que no puedo ayudarte con esa petición.',
  '我無法協助處理這個請求。',
  'すみませんが、その画像についてはお答えできません。',
  'It looks like the image did not come through.',
  'The link to the image appears to be broken.',
  'Only a placeholder icon was received in place of the photo.',
  'There is no visual input for me to work with.',
  'I only received text in this conversation.',
  'Unable to process image input at this time.',
  'Image analysis is not supported by this model.',
  'Vision features are disabled in this session.',
  // placeholders
  'A detailed description will be added here shortly.',
  '[Insert a one-sentence summary of the image]',
  '<your description of the picture>',
  'Brief description of what is shown in the image.',
  'DESCRIPTION_PLACEHOLDER',
  'This is where the description of the image would be.',
  'Content pending review by the editor.',
  'Write two or three sentences about the image.',
  '... (description continues)',
  'Example: A cat sitting on a windowsill.',
  // what the question said, or what was done with it
  'Describe the image in one to three sentences.',
  'You are a helpful assistant that analyzes images.',
  'The JSON object contains the fields requested by the user.',
  'My task is to look at one image and report what can be seen.',
  'First, I need to identify the main elements of the picture.',
  "Okay, so I'm looking at this picture and trying to work out what to say.",
  'The final answer is given in the format specified above.',
  'Wait, maybe I should look at the background again.',
  'Analysis complete. All required keys have been populated.',
  'Below is a structured breakdown of the visual content.',
];

/** The share of them that is not accepted where a sentence about the image belongs. */
export function heldOutShare(album: Album, settings: QaSettings): { caught: number; phrases: number } {
  const missed = phrases.filter((phrase) => {
    const question = questionOf(album, { slugs: ['image-description'], scenes: ['shapes'] }, randomOf(phrase));
    if (!question) return true;
    const model = structuredClone(question.model);
    const [place] = places(question.definition, model).filter(isProse);
    if (place) put(place, phrase);
    const made = { kind: 'held out', isFault: true, isAside: true, question, text: JSON.stringify(model) };
    return judge({ ...made, finish: 'stop' }, settings).judgement === 'accepted';
  });
  return { caught: phrases.length - missed.length, phrases: phrases.length };
}
