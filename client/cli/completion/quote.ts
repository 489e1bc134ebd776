/** One word of bash and of zsh. */
export const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
