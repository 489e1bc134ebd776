/** Whether a definition says of a field that there can be nothing to say. */
export const mayBeNothing = (describe = '') => /\b(empty|none|if any|optional|blank|unknown|unclear)\b/i.test(describe);

/** The ways in which models say so. */
export const saysNothing = (text: string) =>
  /^\W*(n\/?a|none|nothing|unknown|not (applicable|available|known))\W*$/i.test(text);
