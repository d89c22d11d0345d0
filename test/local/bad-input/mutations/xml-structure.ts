import type { Mutation } from './mutation.ts';
import { oddTexts } from './odd-values.ts';

const bombs = [
  '<!DOCTYPE a [<!ENTITY b "cccccccc"><!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<?xml version="1.1" encoding="UTF-16"?>',
  '<!-- -- -->',
];

/** Elements dropped, doubled, renamed, nested; texts, entities and declarations that do not belong. */
export const xmlStructure: Mutation = {
  layer: 'XML structure',
  mutate(request, random) {
    const text = request.body.toString();
    const elements = [...text.matchAll(/<([A-Za-z]+)>([^<]*)<\/\1>/g)];
    if (!text.startsWith('<') || elements.length === 0) return undefined;
    const [element = '', name = '', inside = ''] = random.pick(elements);
    const swap = (by: string): string => text.replace(element, () => by);
    const odd = random.pick(oddTexts).replaceAll('<', '&lt;');
    const changed = [
      () => swap(''),
      () => swap(element.repeat(1 + random.below(1_100))),
      () => swap(`<${name}>${odd}</${name}>`),
      () => swap(`<${name} xmlns="x" a="${odd.replaceAll('"', '')}">${inside}</${name}>`),
      () => swap(`<${name}><![CDATA[${inside}]]></${name}>`),
      () => swap(`<x>${inside}</x>`),
      () => swap(`<${name}>`.repeat(300) + `</${name}>`.repeat(300)),
      () => swap(`<${name}>&#x${random.below(0x11_ffff).toString(16)};&undefined;</${name}>`),
      () => swap(`<${name}/>`),
      () => `${random.pick(bombs)}${text}`,
      () => text.replaceAll(name, random.pick(['__proto__', 'constructor', 'A', 'Key'])),
      () => `${text}${text}`,
    ];
    return { ...request, body: Buffer.from(random.pick(changed)()) };
  },
};
