/**
 * Whoever asks the same while an answer is on its way, or just after it came, gets that answer: many dashboards cost no
 * more than one. An error is not kept.
 *
 * @param forMs how old an answer may be when it is given again
 */
export function shareAnswers<Input, Output>(
  ask: (input: Input) => Promise<Output>,
  forMs: number,
): (input: Input) => Promise<Output> {
  const answers = new Map<string, Promise<Output>>();
  return (input) => {
    const key = JSON.stringify(input);
    const known = answers.get(key);
    if (known) return known;
    const answer = ask(input);
    answers.set(key, answer);
    const forget = () => void answers.delete(key);
    answer.then(() => setTimeout(forget, forMs).unref(), forget);
    return answer;
  };
}
