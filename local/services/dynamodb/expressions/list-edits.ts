import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Changes of lists, kept back until every action has found its place by the original indexes. */
export class ListEdits {
  readonly #removed = new Map<AttributeValue[], Set<number>>();
  readonly #appended = new Map<AttributeValue[], Map<number, AttributeValue>>();

  /** Replaces an element; past the end it is appended, in the order of the indexes. */
  put(list: AttributeValue[], index: number, value: AttributeValue): void {
    if (index < list.length) list[index] = value;
    else entryOf(this.#appended, list, () => new Map()).set(index, value);
  }

  remove(list: AttributeValue[], index: number): void {
    entryOf(this.#removed, list, () => new Set()).add(index);
  }

  apply(): void {
    for (const [list, removed] of this.#removed) {
      for (const index of [...removed].sort((a, b) => b - a)) list.splice(index, index < list.length ? 1 : 0);
    }
    for (const [list, appended] of this.#appended) {
      list.push(...[...appended].sort(([a], [b]) => a - b).map(([, value]) => value));
    }
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
