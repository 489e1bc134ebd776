/** For people: `1 image x 25 analyses`. */
export const sizeOfJob = (images: number, analyses: number): string =>
  `${images} ${images === 1 ? 'image' : 'images'} x ${analyses} ${analyses === 1 ? 'analysis' : 'analyses'}`;
