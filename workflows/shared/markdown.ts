/** Foreign text must not become Markdown. */
export const plain = (text: string) => text.replace(/[\p{Cc}]/gu, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&');

/** Foreign text as code: nothing in it is Markdown but its end. */
export const inCode = (text: string) => `\`${text.replace(/[\p{Cc}`]/gu, ' ')}\``;
