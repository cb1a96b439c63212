/** Does something with each item, at most `size` at the same time. Keeps the order of the answers. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  size: number,
  act: (item: Item, position: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < items.length; start += size) {
    const batch = items.slice(start, start + size);
    answers.push(...(await Promise.all(batch.map((item, i) => act(item, start + i)))));
  }
  return answers;
}
