import * as z from 'zod';
import { LocalCloudError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { readJson } from './read-json.ts';

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const resource = z.object({
  Type: z.string(),
  Properties: jsonObject.default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().default('Delete'),
  UpdateReplacePolicy: z.string().default('Delete'),
});

const schema = z.object({
  Resources: z.record(z.string(), resource).default({}),
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: json.optional(), NoEcho: json.optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), jsonObject)).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({ Value: json, Condition: z.string().optional(), Export: z.object({ Name: json }).optional() }),
    )
    .default({}),
  Transform: json.optional(),
});

/** A CloudFormation template. Rules and Metadata are not read: they check the deployment's surroundings. */
export type Template = z.infer<typeof schema>;

/** One entry below `Resources`. */
export type TemplateResource = z.infer<typeof resource>;

/** Reads the template of a stack. @throws LocalCloudError naming the stack and what is wrong */
export function readTemplate(file: string, stackName: string): Template {
  return parseTemplate(readJson(file), stackName);
}

/** Checks the shape of a template that is in memory already. @throws LocalCloudError naming the stack */
export function parseTemplate(value: unknown, stackName: string): Template {
  const read = schema.safeParse(value);
  if (!read.success) throw new LocalCloudError(`stack ${stackName}: not a template: ${z.prettifyError(read.error)}`);
  if (read.data.Transform !== undefined) {
    throw new LocalCloudError(
      `stack ${stackName}: the transform ${JSON.stringify(read.data.Transform)} is not supported locally`,
    );
  }
  return read.data;
}
