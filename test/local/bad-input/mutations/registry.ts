import { bodyBytes } from './body-bytes.ts';
import { connection } from './connection.ts';
import { formStructure } from './form-structure.ts';
import { headers } from './headers.ts';
import { jsonStructure } from './json-structure.ts';
import type { Mutation } from './mutation.ts';
import { method, place } from './place.ts';
import { signature } from './signature.ts';
import { xmlStructure } from './xml-structure.ts';

/** Every layer, those with more to find more often. */
export const mutations: readonly (readonly [Mutation, weight: number])[] = [
  [jsonStructure, 9],
  [bodyBytes, 3],
  [formStructure, 6],
  [xmlStructure, 6],
  [headers, 3],
  [place, 4],
  [signature, 2],
  [method, 1],
  [connection, 1],
];
