import sharp from 'sharp';

/**
 * Leaves this process the decoders of JPEG, PNG and WebP and no others: a file that passes for one of them never reaches
 * SVG, PDF, TIFF, ... And keeps no decoded images or open files, since no file is read twice. For the whole process, for
 * good; what is drawn by other means is not touched.
 */
export function restrictDecoders(): void {
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp'].map((name) => `VipsForeignLoad${name}`) });
}
