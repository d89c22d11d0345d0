import type { Random } from '../random.ts';
import type { Recorded } from '../record.ts';

/** A request on its way to be broken. What is left undefined is made when it is signed. */
export interface Draft extends Omit<Recorded, 'headers'> {
  readonly headers: Readonly<Record<string, string>>;
  /** Changes what was signed, or what signing added. */
  readonly afterSigning?: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** Puts the bytes on the wire in another way than one piece with its length. */
  readonly framing?: 'chunked' | 'cut' | 'chunked-cut' | 'head-only' | 'longer-than-said' | 'length-is-no-number';
}

/** One layer at which requests are broken. */
export interface Mutation {
  readonly layer: string;
  /** Undefined if there is nothing to break at this layer. */
  mutate(request: Recorded, random: Random): Draft | undefined;
}
