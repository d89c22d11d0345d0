import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { bundlesContext, functionEntries } from '../../infra/bundle.ts';
import { vi } from 'vitest';
import { exampleApp } from '../../infra/example.ts';

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  /** The template's JSON, whatever the type says. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A stack's resources by logical id. */
export type Resources = Readonly<Record<string, TemplateResource>>;

/** A folder of empty bundles, for CDK's context: assets are hashed, not run. */
export function emptyBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-app-'));
  for (const { bundle } of functionEntries()) {
    mkdirSync(join(folder, bundle), { recursive: true });
    writeFileSync(join(folder, bundle, 'index.js'), `exports.handler = async () => '${bundle}';`);
  }
  return folder;
}

/** The example app over empty bundles. */
export function testApp(): { app: App; remove: () => void } {
  const folder = emptyBundles();
  const app = exampleApp({
    outdir: join(folder, 'cdk.out'),
    analyticsReporting: false,
    context: { [bundlesContext]: folder },
  });
  return { app, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The resources of the example's stacks, by the stack's name. CDK's own checks of templates are left to the nag test. */
export function synthesizedStacks(): Readonly<Record<'data' | 'engine' | 'checkout', Resources>> {
  vi.stubEnv('CDK_VALIDATION', 'false');
  const { app, remove } = testApp();
  const assembly = app.synth();
  vi.unstubAllEnvs();
  const resources = (name: string): Resources => assembly.getStackByName(name).template.Resources;
  const stacks = {
    data: resources('Slipway-Data'),
    engine: resources('Slipway-Engine'),
    checkout: resources('Checkout'),
  };
  remove();
  return stacks;
}

/** The resources of a type, with their logical ids. */
export function ofType(resources: Resources, type: string): [string, TemplateResource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that a `Ref` or `Fn::GetAtt` points at. */
export function target(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('Ref' in value) return String(value.Ref);
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return String(value['Fn::GetAtt'][0]);
  return undefined;
}
