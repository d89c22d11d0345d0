import type { Random } from '../random.ts';
import type { Recorded } from '../record.ts';
import type { Mutation } from './mutation.ts';
import { oddTexts, oddValue } from './odd-values.ts';

/** Stands in the tree where text comes that no serializer writes. */
const rawMark = '@raw@';
const rawTexts = [
  '1e400',
  '-0',
  '1E-999',
  `1${'0'.repeat(400)}`,
  '"\\ud800"',
  '"\\u0000"',
  '1.0',
  '123456789012345678901234567890',
  // Deeper than the recursion of a parser or a serializer goes.
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
];

/** Other types, members and nesting in a body that stays JSON; so too in JSON that a text member holds. */
export const jsonStructure: Mutation = {
  layer: 'JSON structure',
  mutate(request, random) {
    const tree = jsonOf(request);
    if (tree === undefined) return undefined;
    let changed: unknown = tree;
    for (let count = 1 + random.below(2); count > 0; count--) changed = mutated(changed, random);
    let text = JSON.stringify(changed) ?? '';
    while (text.includes(`"${rawMark}"`)) text = text.replace(`"${rawMark}"`, random.pick(rawTexts));
    if (random.happens(0.05)) text = text.replace(/^\{/, '{"__proto__":{"polluted":1},"constructor":null,');
    return { ...request, body: Buffer.from(text) };
  },
};

function jsonOf({ body }: Recorded): unknown {
  const text = body.toString();
  if (!text.startsWith('{')) return undefined;
  return JSON.parse(text) as unknown;
}

/** Walks down to a random place and changes what is there. */
function mutated(value: unknown, random: Random): unknown {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random.happens(0.8)) {
    return Array.isArray(value) ? mutatedList(value, random) : mutatedObject({ ...value }, random);
  }
  if (typeof value === 'string') return mutatedText(value, random);
  return random.happens(0.1) ? rawMark : oddValue(random);
}

function mutatedList(list: readonly unknown[], random: Random): unknown {
  const at = random.below(list.length);
  switch (random.below(8)) {
    case 0:
      return [...list, ...list];
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return list.toSpliced(at, 0, oddValue(random));
    case 3:
      return Array.from({ length: 120 }, () => list[at]);
    default:
      return list.with(at, mutated(list[at], random));
  }
}

function mutatedObject(object: Record<string, unknown>, random: Random): unknown {
  const name = random.pick(Object.keys(object));
  const { [name]: value, ...others } = object;
  switch (random.below(12)) {
    case 0:
      return others;
    case 1:
      return { ...others, [random.pick(oddTexts)]: value };
    case 2:
      return { ...object, [random.pick(oddTexts)]: oddValue(random) };
    case 3:
      return { ...object, [name]: [value] };
    case 4:
      return { ...object, [name]: { [name]: value } };
    default:
      return { ...object, [name]: mutated(value, random) };
  }
}

function mutatedText(text: string, random: Random): unknown {
  // A definition, a policy, a pattern: JSON in text has a structure of its own.
  if (/^\s*[{[]/.test(text) && random.happens(0.8)) {
    try {
      return JSON.stringify(mutated(JSON.parse(text), random));
    } catch {
      // It only began like JSON.
    }
  }
  switch (random.below(6)) {
    case 0:
      return oddValue(random);
    case 1:
      return text + random.pick(oddTexts);
    case 2: {
      const at = random.below(text.length + 1);
      return text.slice(0, at) + random.pick(oddTexts.slice(0, 40)) + text.slice(at + random.below(4));
    }
    case 3:
      return text.slice(0, random.below(text.length + 1));
    default:
      return random.pick(oddTexts);
  }
}
