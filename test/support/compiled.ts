/**
 * A program of ours as users install it, compiled by the global setup. Compiling at every start would cost a second of
 * CPU each time.
 *
 * @returns its path below the folder of package.json
 */
export const compiled = (source: string) => `dist/${source.replace(/\.ts$/, '.js')}`;
