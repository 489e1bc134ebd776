/** Whoever is further off may have meant anything. */
const maxEdits = 2;

/** The name that was probably meant, if there is one: not more than a third of it is mistyped. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, edits: editsBetween(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.min(maxEdits, Math.floor(name.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.name;
}

/** Levenshtein's distance: letters put in, left out or replaced. */
function editsBetween(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries())
      current.push(
        Math.min(
          (before[column] ?? 0) + (letter === other ? 0 : 1),
          (before[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
        ),
      );
    before = current;
  }
  return before.at(-1) ?? 0;
}
