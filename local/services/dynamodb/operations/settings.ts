import type { DynamoDB, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { readTableName, type Database } from '../database.ts';
import { tableNotFound, validationError } from '../errors.ts';
import type { Table } from '../table.ts';

/** Time to live and point-in-time recovery: settings of a table that have operations of their own. */
export function settingOperations(
  database: Database,
): Pick<
  Operations<DynamoDB>,
  'UpdateTimeToLive' | 'DescribeTimeToLive' | 'DescribeContinuousBackups' | 'UpdateContinuousBackups'
> {
  const find = (name: string | undefined): Table => {
    const table = database.tables.find(readTableName(name));
    if (!table) throw tableNotFound(readTableName(name));
    return table;
  };
  return {
    UpdateTimeToLive: ({ TableName, TimeToLiveSpecification: specification }) => ({
      TimeToLiveSpecification: updateTimeToLive(database, find(TableName), specification),
    }),
    DescribeTimeToLive: ({ TableName }) => {
      const { ttlAttribute } = find(TableName).definition;
      return {
        TimeToLiveDescription:
          ttlAttribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
      };
    },
    DescribeContinuousBackups: ({ TableName }) => describeBackups(database, findForBackup(database, TableName)),
    UpdateContinuousBackups: ({ TableName, PointInTimeRecoverySpecification: specification }) => {
      const table = findForBackup(database, TableName);
      const hasPointInTimeRecovery = specification?.PointInTimeRecoveryEnabled === true;
      return describeBackups(
        database,
        database.tables.redefine(table, { ...table.definition, hasPointInTimeRecovery }),
      );
    },
  };
}

function updateTimeToLive(
  database: Database,
  table: Table,
  specification: TimeToLiveSpecification | undefined,
): TimeToLiveSpecification {
  const current = table.definition.ttlAttribute;
  const { Enabled: isEnabled = false, AttributeName: name = '' } = specification ?? {};
  if (isEnabled && current !== undefined) {
    throw validationError(
      current === name
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
    );
  }
  if (!isEnabled && current === undefined) throw validationError('TimeToLive is already disabled');
  setTimeToLive(database, table, isEnabled ? name : undefined);
  return { Enabled: isEnabled, AttributeName: name };
}

/** Makes an attribute the one that says when items expire, or none. */
export function setTimeToLive(database: Database, table: Table, attribute: string | undefined): Table {
  return database.context.store.transaction(() => {
    const changed = database.tables.redefine(table, { ...table.definition, ttlAttribute: attribute });
    database.items.refreshExpiry(changed);
    database.expiry.reschedule(changed);
    return changed;
  });
}

function findForBackup(database: Database, tableName: string | undefined): Table {
  const name = readTableName(tableName);
  const table = database.tables.find(name);
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}

function describeBackups(database: Database, table: Table) {
  const { hasPointInTimeRecovery } = table.definition;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED' as const,
      PointInTimeRecoveryDescription: hasPointInTimeRecovery
        ? {
            PointInTimeRecoveryStatus: 'ENABLED' as const,
            RecoveryPeriodInDays: 35,
            EarliestRestorableDateTime: new Date(table.createdAtMs),
            LatestRestorableDateTime: new Date(database.context.clock.nowMs()),
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' as const },
    },
  };
}
