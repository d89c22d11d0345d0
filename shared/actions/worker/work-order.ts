import * as z from 'zod/mini';

/** Jobs of which custom action type are worked off, and how; the construct of the type writes it. */
export const workOrderSchema = z.strictObject({
  contract: z.literal(1),
  type: z.strictObject({ category: z.string(), provider: z.string(), version: z.string() }),
  /** The value of the type's queryable property: whose jobs are asked for. */
  installation: z.string(),
  /** The action's function. */
  functionArn: z.string(),
  /** The parameters that have a property of their own, and how it is written; what is `json` is parsed. */
  parameters: z.record(z.string(), z.enum(['text', 'json'])),
});

/** What a worker is started with. */
export type WorkOrder = z.infer<typeof workOrderSchema>;

/** The property of every custom action type of Slipway that says which installation its jobs are for. */
export const installationProperty = 'Installation';

/**
 * The property that holds what has none of its own, as JSON of UserParameters: all of the parameters or none, where stored ones
 * lie, and the names of those that the pipeline gave.
 */
export const parametersProperty = 'Parameters';
