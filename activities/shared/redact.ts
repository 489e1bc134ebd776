/** Takes secrets out of a text by value. Made in `config/`, handed in like every other dependency. */
export type Redact = (text: string) => string;
