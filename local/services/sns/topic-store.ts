import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../service-module.ts';
import { notFound } from './sns-error.ts';

/** A topic; `attributes` are those that were set. */
export interface Topic {
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who gets what is published to a topic. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Proves to ConfirmSubscription that the endpoint has been reached. */
  readonly token: string;
  readonly createdAtMs: number;
  readonly isConfirmed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  /** True for one that stands in the `Subscription` property of its topic's template. */
  readonly isOfTopicResource: boolean;
}

/** What a new subscription is made of. */
export type NewSubscription = Pick<
  Subscription,
  'topicArn' | 'protocol' | 'endpoint' | 'isConfirmed' | 'attributes' | 'isOfTopicResource'
>;

/** Topics and their subscriptions. */
export interface TopicStore {
  put(topic: Topic): void;
  find(arn: string): Topic | undefined;
  /** @throws AwsError `NotFoundException` */
  get(arn: string): Topic;
  /** With all its subscriptions. */
  delete(arn: string): void;
  list(): Topic[];
  subscribe(subscription: NewSubscription): Subscription;
  putSubscription(subscription: Subscription): void;
  findSubscription(arn: string): Subscription | undefined;
  /** @throws AwsError `NotFoundException` */
  getSubscription(arn: string): Subscription;
  unsubscribe(arn: string): void;
  /** All, or those of one topic, oldest first. */
  subscriptions(topicArn?: string): Subscription[];
}

const migrations = [
  'CREATE TABLE sns_topics (arn TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT',
  'CREATE TABLE sns_subscriptions (arn TEXT PRIMARY KEY, topic_arn TEXT NOT NULL, body TEXT NOT NULL) STRICT',
  'CREATE INDEX sns_subscriptions_of_topic ON sns_subscriptions (topic_arn)',
];

/** Opens the topics of a cloud. */
export function openTopicStore({ store, clock }: CloudContext): TopicStore {
  store.migrate('sns', migrations);
  // Bodies are written by this function only, so they read back as what they were.
  const read = <T>(sql: string, ...values: string[]): T[] =>
    store
      .statement(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row['body'])) as T);
  const find = (arn: string): Topic | undefined => read<Topic>('SELECT body FROM sns_topics WHERE arn = ?', arn)[0];
  const findSubscription = (arn: string): Subscription | undefined =>
    read<Subscription>('SELECT body FROM sns_subscriptions WHERE arn = ?', arn)[0];
  const putSubscription = (subscription: Subscription): void => {
    store
      .statement(
        `INSERT INTO sns_subscriptions (arn, topic_arn, body) VALUES (?, ?, ?)
         ON CONFLICT (arn) DO UPDATE SET body = excluded.body`,
      )
      .run(subscription.arn, subscription.topicArn, JSON.stringify(subscription));
  };
  return {
    find,
    findSubscription,
    putSubscription,
    put: (topic) => {
      store
        .statement('INSERT OR REPLACE INTO sns_topics (arn, body) VALUES (?, ?)')
        .run(topic.arn, JSON.stringify(topic));
    },
    get: (arn) => orNotFound(find(arn), 'Topic'),
    delete: (arn) =>
      store.transaction(() => {
        store.statement('DELETE FROM sns_topics WHERE arn = ?').run(arn);
        store.statement('DELETE FROM sns_subscriptions WHERE topic_arn = ?').run(arn);
      }),
    list: () => read<Topic>('SELECT body FROM sns_topics ORDER BY arn'),
    subscribe: (made) => {
      const token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
      const subscription = { ...made, arn: `${made.topicArn}:${randomUUID()}`, token, createdAtMs: clock.nowMs() };
      putSubscription(subscription);
      return subscription;
    },
    getSubscription: (arn) => orNotFound(findSubscription(arn), 'Subscription'),
    unsubscribe: (arn) => {
      store.statement('DELETE FROM sns_subscriptions WHERE arn = ?').run(arn);
    },
    subscriptions: (topicArn) =>
      topicArn === undefined
        ? read<Subscription>('SELECT body FROM sns_subscriptions ORDER BY rowid')
        : read<Subscription>('SELECT body FROM sns_subscriptions WHERE topic_arn = ? ORDER BY rowid', topicArn),
  };
}

function orNotFound<T>(found: T | undefined, what: 'Topic' | 'Subscription'): T {
  if (found === undefined) throw notFound(what);
  return found;
}
