import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { isJsonObject } from '../../json.ts';
import type { ResourceType } from '../../template/resource.ts';
import type { CloudContext } from '../service-module.ts';
import { pageOf } from '../events/paging.ts';

/** The step that makes the table of dashboards. */
export const dashboardTable =
  'CREATE TABLE monitoring_dashboards (name TEXT PRIMARY KEY, body TEXT NOT NULL, modified_at_ms INTEGER NOT NULL) STRICT';

/** Operations on dashboards: their bodies are kept and given back; nothing draws them. */
export function dashboardOperations(context: CloudContext): Operations<CloudWatch> {
  const { store } = context;
  return {
    PutDashboard(input) {
      putDashboard(input.DashboardName ?? '', input.DashboardBody ?? '', context);
      return { DashboardValidationMessages: [] };
    },
    GetDashboard({ DashboardName: name = '' }) {
      const row = store.statement('SELECT body FROM monitoring_dashboards WHERE name = ?').get(name);
      if (!row) throw unknown(name);
      return { DashboardName: name, DashboardArn: arnOf(name, context), DashboardBody: String(row['body']) };
    },
    ListDashboards({ DashboardNamePrefix: prefix = '', NextToken: token }) {
      const rows = store
        .statement('SELECT * FROM monitoring_dashboards ORDER BY name')
        .all()
        .filter((row) => String(row['name']).startsWith(prefix));
      const page = pageOf(rows, { NextToken: token });
      const entries = page.items.map((row) => ({
        DashboardName: String(row['name']),
        DashboardArn: arnOf(String(row['name']), context),
        LastModified: new Date(Number(row['modified_at_ms'])),
        Size: Buffer.byteLength(String(row['body'])),
      }));
      return { DashboardEntries: entries, ...page.token };
    },
    DeleteDashboards({ DashboardNames: names = [] }) {
      store.transaction(() => {
        for (const name of names) if (!deleteDashboard(name, context)) throw unknown(name);
      });
      return {};
    },
  };
}

/** `AWS::CloudWatch::Dashboard`: `Ref` is its name. */
export function dashboardResource(context: CloudContext): ResourceType {
  return {
    type: 'AWS::CloudWatch::Dashboard',
    replacedBy: ['DashboardName'],
    create({ DashboardName: given, DashboardBody: body }, { generateName }) {
      const name = typeof given === 'string' ? given : generateName(255);
      putDashboard(name, String(body ?? ''), context);
      return { physicalId: name, attributes: {} };
    },
    update(current, { DashboardBody: body }) {
      putDashboard(current.physicalId, String(body ?? ''), context);
      return current;
    },
    delete: ({ physicalId }) => void deleteDashboard(physicalId, context),
  };
}

function putDashboard(name: string, body: string, { store, clock }: CloudContext): void {
  if (!/^[\w-]{1,255}$/.test(name)) throw invalid(`The dashboard name ${name} is not valid.`);
  if (!isObject(body)) throw invalid('The dashboard body is not a JSON object.');
  store
    .statement('INSERT OR REPLACE INTO monitoring_dashboards (name, body, modified_at_ms) VALUES (?, ?, ?)')
    .run(name, body, clock.nowMs());
}

function deleteDashboard(name: string, { store }: CloudContext): boolean {
  return Number(store.statement('DELETE FROM monitoring_dashboards WHERE name = ?').run(name).changes) > 0;
}

function isObject(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function arnOf(name: string, { account }: CloudContext): string {
  return `arn:aws:cloudwatch::${account}:dashboard/${name}`;
}

function unknown(name: string): AwsError {
  return new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, { httpStatus: 404 });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterInput', message);
}
