/** Foreign text must not steer the terminal: control characters, separators of lines and changes of direction become blanks. */
export const clean = (text: string) => text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, ' ');
