import { compare, valid } from '@renovatebot/pep440';
import type { Order } from './order.ts';

/** Orders Python's versions (PEP 440). @returns undefined if one of them is no such version */
export function comparePep440(left: string, right: string): Order | undefined {
  return valid(left) && valid(right) ? compare(left, right) : undefined;
}
