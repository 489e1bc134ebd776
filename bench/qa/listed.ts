import type { Random } from './random.ts';
import type { Rectangle, Scene } from './scene.ts';
import type { JsonObject } from './write.ts';

/** What a list may hold, as a model writes it about a photograph: drawings show nothing of the kind. */
export interface Listed {
  readonly hazard: (severity: string) => JsonObject;
  readonly damage: (severity: string) => JsonObject;
  readonly face: (is_recognisable: boolean) => JsonObject;
  readonly sensitive: (category: string, severity: string) => JsonObject;
  readonly animal: () => JsonObject;
  readonly vehicle: () => JsonObject;
  readonly plant: () => JsonObject;
  readonly food: () => JsonObject;
  readonly garment: () => JsonObject;
  readonly chair: () => JsonObject;
  readonly overlay: () => JsonObject;
  readonly price: () => JsonObject;
  readonly stock: (count: number) => JsonObject;
}

/** Each item lies where a thing of the drawing is. */
export function listedIn({ things, width, height }: Scene, random: Random): Listed {
  const middle: Rectangle = { x: width * 0.31, y: height * 0.27, width: width * 0.38, height: height * 0.45 };
  const places = random.some(things, things.length).map(({ box }) => box);
  const found = (): JsonObject => {
    const { x, y, width: across, height: down } = places.pop() ?? middle;
    return { confidence: random.int(62, 97), bounding_box: { x, y, width: across, height: down } };
  };
  return {
    hazard: (severity) => ({
      ...random.pick([
        { name: 'loose cable', kind: 'trip', measure: 'Tape the cable to the floor' },
        { name: 'open switch box', kind: 'electricity', measure: 'Close and lock the box' },
      ]),
      ...{ severity, ...found() },
    }),
    damage: (severity) => ({
      ...random.pick([
        { name: 'dent', part: 'rear bumper' },
        { name: 'crack', part: 'upper pane' },
      ]),
      ...{ severity, ...found() },
    }),
    face: (is_recognisable) => ({ kind: 'face', is_recognisable, ...found() }),
    sensitive: (category, severity) => ({ category, severity, confidence: random.int(62, 97) }),
    animal: () => ({ name: random.pick(['dog', 'sparrow', 'goat']), behaviour: 'resting', ...found() }),
    vehicle: () => ({ name: random.pick(['car', 'van', 'bus']), colour: 'unclear', view: 'side', ...found() }),
    plant: () => ({ name: random.pick(['fern', 'birch']), kind: 'other', condition: 'healthy', ...found() }),
    food: () => ({ name: random.pick(['bread roll', 'pear']), state: 'raw', ...found() }),
    garment: () => ({ name: 'bathing cap', colour: 'unclear', pattern: 'plain', presentation: 'worn', ...found() }),
    chair: () => ({ name: 'chair', material: 'wood', ...found() }),
    overlay: () => ({ kind: 'date-stamp', text: '17 06 2019', ...found() }),
    price: () => ({ text: '4.99', kind: 'printed', ...found() }),
    stock: (count) => ({ name: random.pick(['nail', 'coffee bean']), count, place: 'in the middle' }),
  };
}
