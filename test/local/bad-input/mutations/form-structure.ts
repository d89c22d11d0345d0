import type { Random } from '../random.ts';
import type { Mutation } from './mutation.ts';
import { oddNumbers, oddTexts } from './odd-values.ts';

type Pair = [string, string];

/** Keys and values of a form: dropped, doubled, renumbered, nested, given odd values. */
export const formStructure: Mutation = {
  layer: 'form structure',
  mutate(request, random) {
    if (!request.headers['content-type']?.includes('form-urlencoded')) return undefined;
    let pairs: readonly Pair[] = [...new URLSearchParams(request.body.toString())];
    for (let count = 1 + random.below(3); count > 0; count--) pairs = mutated(pairs, random);
    return { ...request, body: Buffer.from(new URLSearchParams([...pairs]).toString()) };
  },
};

function mutated(pairs: readonly Pair[], random: Random): readonly Pair[] {
  if (pairs.length === 0) return [[random.pick(oddTexts), 'x']];
  const at = random.below(pairs.length);
  const [key, value] = pairs[at] ?? ['', ''];
  switch (random.below(9)) {
    case 0:
      return pairs.toSpliced(at, 1);
    case 1:
      return [...pairs, [key, random.pick(oddTexts)]];
    case 2:
      return pairs.with(at, [key.replace(/\d+/, String(random.pick(oddNumbers))), value]);
    case 3:
      return pairs.with(at, [`${key}.${random.pick(oddTexts)}`, value]);
    case 4:
      return pairs.with(at, [key.split('.').slice(0, -1).join('.'), value]);
    case 5:
      return [...pairs, [`${'a.'.repeat(random.below(60))}b`, 'x']];
    case 6:
      return pairs.with(at, [random.pick(['__proto__', 'Attributes.entry.1.key', 'member', 'Action', '.', '']), value]);
    default:
      return pairs.with(at, [key, random.pick(oddTexts)]);
  }
}
