import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { parseUserParameters } from '../../../shared/actions/runner/job-event.ts';
import { hashOfNames } from '../../../shared/actions/runner/parameter-names.ts';

const schema = z.strictObject({
  headers: z.record(z.string(), z.string()),
  method: z.optional(z.string()),
});

/** UserParameters as CodePipeline makes them: a variable's text is put in as it stands. */
function passed(variable: string): string {
  const parameters = { headers: { 'x-reason': '#{reason}' } };
  return JSON.stringify({ parameters, names: hashOfNames(parameters) }).replace('#{reason}', variable);
}

describe("a variable's text", () => {
  it('is a value', () => {
    expect(parseUserParameters(passed('fixes everything'), schema)).toMatchObject({
      parameters: { headers: { 'x-reason': 'fixes everything' } },
    });
  });

  it.each([
    ['parameter that the pipeline left out', 'x"},"method":"POST","z":{"a":"y'],
    ['optional parameter, beside what stays whole', 'x","y":"z"},"method":"PO'],
    ['member of a record', 'x","authorization":"y'],
    ['other names', 'x"}},"names":"0123456789abcdef","z":{"a":{"b":"y'],
  ])('brings no %s', (_, variable) => {
    expect(parseUserParameters(passed(variable), schema)).toMatchObject({ kind: 'failed', type: 'ConfigurationError' });
  });
});

it('is the same for other values under the same names, and another for one name more', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), fc.string(), (values, other, name) => {
      const renamed = Object.fromEntries(Object.keys(values).map((key) => [key, other]));
      expect(hashOfNames(renamed)).toBe(hashOfNames(values));
      if (!Object.hasOwn(values, name) && name !== '__proto__')
        expect(hashOfNames({ ...values, [name]: other })).not.toBe(hashOfNames(values));
    }),
  );
});
