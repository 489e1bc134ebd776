import type { Random } from '../random.ts';

/** What models say when they do not answer. Put together from parts, so that no list of whole sentences is enough. */
export function refusal(random: Random): string {
  const opener = random.pick([
    '',
    '',
    "I'm sorry, but ",
    'Sorry, ',
    'I apologize, but ',
    'Unfortunately, ',
    'I regret that ',
  ]);
  const self = random.pick(['', '', 'as an AI language model, ', 'as an AI assistant, ', 'being a text-based model, ']);
  const cannot = random.pick([
    ...["I can't", 'I cannot', 'I am unable to', "I'm not able to", 'I am not able to', "I won't be able to"],
    ...['it is not possible for me to', 'I can\u2019t', 'I do not have the ability to', 'I must decline to'],
  ]);
  const what = random.pick([
    ...['help with this request', 'assist with that', 'view or analyze images', 'describe this image', 'see the image'],
    ...['process this picture', 'provide information about the people in this photo', 'complete this task'],
  ]);
  const whole = random.pick([
    'Sorry, but I am not permitted to evaluate photographs like this one.',
    'It appears that the attachment is missing, so there is nothing for me to look at.',
    "That is something I'm afraid I have to refuse.",
    'I am only able to work with text; images are beyond my capabilities.',
    'For privacy reasons this content will not be described.',
    ...['No image was provided. Please upload the image so that I can analyze it.'],
    ...["I don't see any image attached to your message. Could you please share it?"],
    ...['The image could not be loaded, so no analysis is possible.'],
    ...['This request violates the content policy, and therefore no answer can be given.'],
    ...['My guidelines do not allow me to comment on images of this kind.'],
    ...['I have no access to the image you are referring to; please describe it to me in words.'],
  ]);
  const tail = random.pick([
    '.',
    '.',
    ' at this time.',
    ' because it may contain sensitive content.',
    '. Please try another one.',
  ]);
  if (random.chance(0.3)) return whole;
  const text = `${opener}${self}${cannot} ${what}${tail}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Forms that were never filled in. */
export const placeholders: readonly string[] = [
  ...['<summary>', '[description]', 'your_text_here', 'Fill in later', 'to be completed', '________', 'text goes here'],
  ...['No data', 'value', 'string_value', 'dummy text for testing purposes only'],
  ...['string', '<string>', 'text', '...', 'N/A', 'n/a', 'TODO', 'TBD', 'null', 'undefined', 'None', 'placeholder'],
  ...['[insert description here]', '<description>', '{{description}}', 'your answer here', 'example', '<label>'],
  ...[
    'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor',
    '[object Object]',
    'xxx',
    '-',
    '???',
  ],
  ...['Example description of the image goes here', 'A description of the image', 'string (max 1200 characters)'],
  ...['<your description of the image>', 'Insert text here, one to three sentences', 'sample text sample text'],
];

/** Said about the answer and not about the picture. */
export const metaTalk: readonly string[] = [
  'Below you will find my structured evaluation as a JSON response.',
  'I have now completed all of the fields that you requested.',
  'Let me start by examining the picture in detail and then fill in the schema.',
  'Note: the values above are estimates and should be verified by a human.',
  'Thank you for providing the image! Feel free to ask further questions.',
  'Here is the JSON object you asked for, with all the requested fields.',
  'Sure! Here is the analysis in the requested format:',
  'As requested, the answer below contains exactly the fields that were asked for.',
  'The user wants me to look at the image and answer in JSON. Let me think step by step.',
  'Okay, let me analyze this image carefully before I fill in the fields of the JSON.',
  'I hope this helps! Let me know if you need anything else or further details.',
  'This JSON object follows the schema and has been validated against it.',
  'Certainly! I will now provide a structured response according to your instructions.',
];

/** Longer than any name of a thing, in other languages than the one that was asked for. */
const foreign: readonly (readonly string[])[] = [
  [
    'Auf dem Bild sind mehrere farbige Formen vor einem einfarbigen Hintergrund zu sehen.',
    'Das Licht ist gleichmäßig, und es gibt keine Schatten.',
    'In der oberen linken Ecke befindet sich ein großes Viereck.',
  ],
  [
    "L'image montre plusieurs formes colorées sur un fond uni.",
    'La lumière est régulière et il n’y a aucune ombre visible.',
    'Un grand carré se trouve dans le coin supérieur gauche.',
  ],
  [
    'La imagen muestra varias figuras de colores sobre un fondo liso.',
    'La luz es uniforme y no se ven sombras en ninguna parte.',
    'En la esquina superior izquierda hay un cuadrado grande.',
  ],
  [
    "L'immagine mostra alcune forme colorate su uno sfondo uniforme.",
    'La luce è regolare e non ci sono ombre visibili.',
    "Nell'angolo in alto a sinistra si trova un grande quadrato.",
  ],
  [
    'A imagem mostra várias formas coloridas sobre um fundo liso.',
    'A luz é uniforme e não há sombras em nenhum lugar.',
    'No canto superior esquerdo há um quadrado muito grande.',
  ],
  [
    'De afbeelding toont verschillende gekleurde vormen op een effen achtergrond.',
    'Het licht is gelijkmatig en er zijn geen schaduwen te zien.',
    'In de linkerbovenhoek staat een groot vierkant.',
  ],
  [
    'Na obrazie widać kilka kolorowych kształtów na jednolitym tle.',
    'Światło jest równomierne i nie ma żadnych cieni.',
    'W lewym górnym rogu znajduje się duży kwadrat.',
  ],
  [
    'На изображении видно несколько цветных фигур на однотонном фоне.',
    'Свет ровный, теней нигде не видно.',
    'В левом верхнем углу находится большой квадрат.',
  ],
  [
    '图片中可以看到几个彩色的形状，背景是单一的颜色。',
    '光线均匀，没有任何阴影。',
    '左上角有一个很大的正方形，颜色非常鲜艳。',
  ],
  [
    '画像には単色の背景の上にいくつかの色のついた図形が写っています。',
    '光は均一で、影はどこにも見られません。',
    '左上の隅には大きな四角形があります。',
  ],
  [
    '이미지에는 단색 배경 위에 여러 가지 색의 도형이 있습니다.',
    '빛은 고르고 그림자는 보이지 않습니다.',
    '왼쪽 위 모서리에 큰 사각형이 있습니다.',
  ],
  [
    'تظهر في الصورة عدة أشكال ملونة على خلفية موحدة اللون.',
    'الإضاءة متساوية ولا توجد أي ظلال.',
    'يوجد مربع كبير في الزاوية العلوية اليسرى.',
  ],
  [
    'Resimde düz bir arka plan üzerinde birkaç renkli şekil görülüyor.',
    'Işık eşit dağılmış ve hiçbir yerde gölge yok.',
    'Sol üst köşede büyük bir kare bulunuyor.',
  ],
  [
    'Bilden visar flera färgade former mot en enfärgad bakgrund.',
    'Ljuset är jämnt och det finns inga skuggor någonstans.',
    'I det övre vänstra hörnet finns en stor kvadrat.',
  ],
];

export const foreignText = (random: Random): string => {
  const language = random.pick(foreign);
  return random.some(language, random.int(2, 3)).join(' ');
};

/** What slips in from the language a model was trained in most. */
export const slips: readonly string[] = [
  '一个红色的',
  '背景是',
  '图像显示',
  'красный круг',
  'на фоне',
  '赤い円',
  '그림에는',
  'الصورة',
];

/** What a chat template or a tokenizer leaves behind. */
export const leftOvers: readonly string[] = [
  ...['<|turn>model', '<|channel|>final<|message|>', '<tool_call>', '<|fim_middle|>', '[PAD]', '<|user|>', '<seg_001>'],
  ...[
    '<|im_end|>',
    '<|im_start|>assistant',
    '<|endoftext|>',
    '</s>',
    '<s>',
    '[/INST]',
    '[INST]',
    '<start_of_turn>model',
  ],
  ...['<end_of_turn>', '<|eot_id|>', '<|start_header_id|>assistant<|end_header_id|>', '<|vision_start|><|image_pad|>'],
  ...[
    '<|box_start|>(120,44),(310,220)<|box_end|>',
    '<|object_ref_start|>',
    '<think>',
    '</think>',
    '<unk>',
    '<pad>',
    '<bos>',
  ],
  ...[
    'ASSISTANT:',
    '### Response:',
    '### Instruction:',
    '<image>',
    '<loc0123><loc0456><loc0789><loc0999>',
    '<|assistant|>',
  ],
];

export const markup: readonly ((text: string) => string)[] = [
  (text) => `<ul><li>${text}</li></ul>`,
  (text) => `${text} [link](https://example.com)`,
  (text) => `<span style="color:red">${text}</span>`,
  (text) => `<p>${text}</p>`,
  (text) => `<div class="description">${text}</div>`,
  (text) => `${text}<br/><br/>`,
  (text) => `<b>Description:</b>&nbsp;${text}`,
  (text) => `**Description:** ${text}`,
  (text) => `# Image description\n\n${text}`,
  (text) => `## Summary\n* ${text}`,
  (text) => `\`\`\`text\n${text}\n\`\`\``,
  (text) => `| Item | Text |\n|---|---|\n| 1 | ${text} |`,
  (text) => `![image](image.png) ${text}`,
];
