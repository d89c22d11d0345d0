import type { Json } from '../../../json.ts';

/** Whether a filter keeps an item; `Roots` is what paths from `$` look into. */
export type Keep<Roots> = (item: Json, roots: Roots) => boolean;

/** Reads a path inside a filter: what it finds from an item (`@`) or from the roots. @throws for a text that is none */
export type ReadOperand<Roots> = (path: string) => (item: Json, roots: Roots) => Json | undefined;

type Operand<Roots> = (item: Json, roots: Roots) => Json | undefined;

const compare: Readonly<Record<string, (one: Json | undefined, other: Json | undefined) => boolean>> = {
  '==': (one, other) => one !== undefined && one === other,
  '!=': (one, other) => one !== other,
  '<': (one, other) => order(one, other) < 0,
  '<=': (one, other) => order(one, other) <= 0,
  '>': (one, other) => order(one, other) > 0,
  '>=': (one, other) => order(one, other) >= 0,
};

/** NaN for values that are not of one kind, which no comparison matches. */
function order(one: Json | undefined, other: Json | undefined): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== 'string' || typeof other !== 'string') return NaN;
  return one === other ? 0 : one < other ? -1 : 1;
}

/**
 * Reads the filter that begins at `at`: `[?(@.n > 1 && @.name == 'x')]`. Gives the length of its text, too; undefined for
 * a text that is no filter of paths, literals, comparisons, `&&`, `||`, `!` and brackets.
 */
export function readFilter<Roots>(
  text: string,
  at: number,
  readOperand: ReadOperand<Roots>,
): { readonly keep: Keep<Roots>; readonly length: number } | undefined {
  const reader = new FilterReader(text, at, readOperand);
  const keep = reader.whole();
  return keep && { keep, length: reader.at - at };
}

class FilterReader<Roots> {
  at: number;
  readonly #text: string;
  readonly #readOperand: ReadOperand<Roots>;

  constructor(text: string, at: number, readOperand: ReadOperand<Roots>) {
    this.#text = text;
    this.at = at;
    this.#readOperand = readOperand;
  }

  whole(): Keep<Roots> | undefined {
    if (!this.#take(/\[\s*\?\s*\(\s*/y)) return undefined;
    const keep = this.#either();
    return keep && this.#take(/\s*\)\s*\]/y) ? keep : undefined;
  }

  #either(): Keep<Roots> | undefined {
    return this.#joined(
      /\s*\|\|\s*/y,
      () => this.#both(),
      (one, other) => (item, roots) => one(item, roots) || other(item, roots),
    );
  }

  #both(): Keep<Roots> | undefined {
    return this.#joined(
      /\s*&&\s*/y,
      () => this.#single(),
      (one, other) => (item, roots) => one(item, roots) && other(item, roots),
    );
  }

  #joined(
    sign: RegExp,
    read: () => Keep<Roots> | undefined,
    join: (one: Keep<Roots>, other: Keep<Roots>) => Keep<Roots>,
  ): Keep<Roots> | undefined {
    let keep = read();
    while (keep && this.#take(sign)) {
      const other = read();
      keep = other && join(keep, other);
    }
    return keep;
  }

  #single(): Keep<Roots> | undefined {
    if (this.#take(/!\s*(?!=)/y)) {
      const keep = this.#single();
      return keep && ((item, roots) => !keep(item, roots));
    }
    if (this.#take(/\(\s*/y)) {
      const keep = this.#either();
      return keep && this.#take(/\s*\)/y) ? keep : undefined;
    }
    return this.#comparison();
  }

  #comparison(): Keep<Roots> | undefined {
    const one = this.#operand();
    if (!one) return undefined;
    const sign = this.#take(/\s*(==|!=|<=|>=|<|>)\s*/y)?.[1];
    // A path alone asks whether there is something.
    if (sign === undefined) return (item, roots) => one(item, roots) !== undefined;
    const other = this.#operand();
    const test = compare[sign];
    return other && test && ((item, roots) => test(one(item, roots), other(item, roots)));
  }

  #operand(): Operand<Roots> | undefined {
    const path = this.#take(/[@$](?:\.\.?[\p{L}\p{N}_-]+|\.\*|\[[^\]]*\])*/uy)?.[0];
    if (path !== undefined) return this.#readOperand(path);
    const quoted = this.#take(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y);
    const literal = quoted ? undefined : this.#take(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
    if (!quoted && literal === undefined) return undefined;
    // The expression above takes literals of JSON only.
    const value = quoted ? (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') : (JSON.parse(literal ?? '') as Json);
    return () => value;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text);
    if (match) this.at += match[0].length;
    return match ?? undefined;
  }
}
