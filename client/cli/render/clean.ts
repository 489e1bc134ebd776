/** Foreign text must not steer the terminal: control characters and changes of direction become blanks. */
export const clean = (text: string) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
