import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceSchemas } from '../../local/gateway/schema/service-schemas.ts';
import { openCloud, type OpenedCloud } from '../../local/open-cloud.ts';
import { services } from '../../local/services/registry.ts';

/** What the code of the local cloud tells of one service. */
export interface SurveyedOperations {
  /** Every operation of the service's SDK client. */
  readonly known: readonly string[];
  readonly answered: ReadonlySet<string>;
}

/** A resource type that a template may have. */
export interface SurveyedType {
  readonly type: string;
  readonly isRecordedOnly: boolean;
  readonly recordedBecause?: string;
}

/** What the code of the local cloud tells of itself. */
export interface Survey {
  /** By the gateway's name of the service; a service without an API is not among them. */
  readonly operations: ReadonlyMap<string, SurveyedOperations>;
  readonly resourceTypes: readonly SurveyedType[];
}

/** Opens an empty cloud in a folder of its own and reads what it answers. */
export async function surveyCloud(serviceNames: readonly string[]): Promise<Survey> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-survey-'));
  const cloud = await openCloud({
    ...{ folder, services, report: () => undefined, isAuthorizing: false },
    ...{ clock: { kind: 'virtual', startMs: 0 }, account: '123456789012', region: 'us-east-1' },
  });
  try {
    return { operations: operationsOf(cloud, serviceNames), resourceTypes: typesOf(cloud) };
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true });
  }
}

function operationsOf({ context }: OpenedCloud, serviceNames: readonly string[]): Survey['operations'] {
  const apis = serviceNames.map((name) => context.gateway.describe(name)).filter((api) => api !== undefined);
  return new Map(
    apis.map((api) => {
      const known = [...serviceSchemas(api).operations.keys()].toSorted();
      return [api.name, { known, answered: new Set(known.filter((name) => api.operations[name])) }];
    }),
  );
}

function typesOf({ types }: OpenedCloud): SurveyedType[] {
  return [...types.keys()].toSorted().map((name) => {
    const found = types.get(name);
    const because = found?.recordedBecause;
    return {
      type: name,
      isRecordedOnly: found?.recordedOnly ?? false,
      ...(because !== undefined && { recordedBecause: because }),
    };
  });
}
