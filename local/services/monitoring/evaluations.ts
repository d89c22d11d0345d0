import { isJsonObject } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { readWatch, type Watch } from './alarm-input.ts';
import { alarmsOf, holds, parseAlarmRule } from './alarm-rule.ts';
import type { Alarm, AlarmStore } from './alarm-store.ts';
import { alarmTime } from './announce.ts';
import { evaluationRange, judge } from './judge.ts';
import { metricKey, type Metric, type MetricStore } from './metric-store.ts';
import { statisticOf } from './statistics.ts';
import { openTransitions, type NewState, type Transitions } from './transitions.ts';

/** The timers that evaluate alarms. An alarm whose metric has no data in its range, and that has said so, has none. */
export interface Evaluations {
  /** An alarm was made or changed. */
  arm(alarm: Alarm): void;
  /** A metric has new data. */
  onData(metric: Metric): void;
  /** An alarm is about to be deleted. */
  disarm(alarm: Alarm): void;
  readonly transitions: Transitions;
}

/** What evaluating needs. */
export interface EvaluationParts {
  readonly context: CloudContext;
  readonly alarms: AlarmStore;
  readonly metrics: MetricStore;
}

const kind = 'monitoring.evaluate';

/** Names the runner of evaluations. */
export function openEvaluations({ context, alarms, metrics }: EvaluationParts): Evaluations {
  const { timers, store, clock } = context;
  const watched = watchedMetrics(alarms);
  const armAt = (alarm: Alarm, dueAtMs: number): void => {
    if (alarm.nextEvaluationMs !== undefined && alarm.nextEvaluationMs <= dueAtMs) return;
    timers.schedule(kind, { alarm: alarm.name }, { dueAtMs, id: timerId(alarm) });
    alarms.setNextEvaluation(alarm.name, dueAtMs);
  };
  const arm = (alarm: Alarm): void => armAt(alarm, nextEvaluation(alarm, clock.nowMs()));
  const armParents = (child: Alarm): void => {
    for (const alarm of alarms.list()) if (namesOf(alarm).includes(child.name)) arm(alarm);
  };
  const transitions = openTransitions(alarms, context, armParents);
  const evaluateMetric = (alarm: Alarm, watch: Watch): void => {
    const stepMs = intervalMs(watch);
    const toMs = Math.floor(clock.nowMs() / stepMs) * stepMs;
    const fromMs = toMs - evaluationRange(watch) * watch.periodSeconds * 1000;
    const next = evaluate(watch, metrics, { fromMs, nowMs: clock.nowMs() });
    if (next) transitions.change(alarm, next);
    // While there is data in the range the state may change without more of it.
    if (metrics.hasSamplesSince(watch.metric, fromMs)) arm(alarms.find(alarm.name) ?? alarm);
  };
  timers.on(kind, (payload, timer) => {
    store.transaction(() => {
      timer.complete();
      const name = isJsonObject(payload) ? String(payload['alarm']) : '';
      alarms.setNextEvaluation(name, undefined);
      const alarm = alarms.find(name);
      if (alarm?.definition.kind === 'metric') evaluateMetric(alarm, readWatch(alarm.definition.input));
      else if (alarm) transitions.change(alarm, evaluateComposite(alarm, alarms, clock.nowMs()));
    });
  });
  return {
    arm,
    onData(metric) {
      for (const name of watched(metric)) {
        const alarm = alarms.find(name);
        if (alarm) arm(alarm);
      }
    },
    disarm: (alarm) => timers.cancel(timerId(alarm)),
    transitions,
  };
}

/** The names of the alarms on a metric; read again only when an alarm changes. */
function watchedMetrics(alarms: AlarmStore): (metric: Metric) => readonly string[] {
  let names = new Map<string, string[]>();
  let revision = -1;
  return (metric) => {
    if (revision !== alarms.revision) {
      names = new Map();
      for (const { name, definition } of alarms.list()) {
        if (definition.kind !== 'metric') continue;
        const key = metricKey(readWatch(definition.input).metric);
        names.set(key, [...(names.get(key) ?? []), name]);
      }
      revision = alarms.revision;
    }
    return names.get(metricKey(metric)) ?? [];
  };
}

function namesOf({ definition }: Alarm): string[] {
  return definition.kind === 'composite' ? alarmsOf(parseAlarmRule(definition.input.AlarmRule ?? '')) : [];
}

function timerId({ name }: Alarm): string {
  return `monitoring.evaluate/${name}`;
}

/** A composite alarm follows at once; a metric alarm is evaluated at the end of the interval. */
function nextEvaluation({ definition }: Alarm, nowMs: number): number {
  if (definition.kind === 'composite') return nowMs;
  const stepMs = intervalMs(readWatch(definition.input));
  return (Math.floor(nowMs / stepMs) + 1) * stepMs;
}

/** Every minute; every 10 seconds for shorter periods; every hour for alarms that look back over a day (user guide). */
function intervalMs({ periodSeconds, evaluationPeriods }: Watch): number {
  if (periodSeconds < 60) return 10_000;
  return periodSeconds * evaluationPeriods > 86_400 ? 3_600_000 : 60_000;
}

interface Period {
  readonly atMs: number;
  readonly value: number | undefined;
}

function evaluate(
  watch: Watch,
  metrics: MetricStore,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): NewState | undefined {
  const periods = readPeriods(watch, metrics, fromMs);
  const { comparison, threshold } = watch;
  const value = judge(
    periods.map((period) => (period.value === undefined ? undefined : comparison.holds(period.value, threshold))),
    watch,
  );
  return value && { value, ...reasonFor(value, watch, { periods, nowMs }) };
}

function readPeriods(watch: Watch, metrics: MetricStore, fromMs: number): Period[] {
  const periodMs = watch.periodSeconds * 1000;
  const count = evaluationRange(watch);
  const samples = metrics.samples(watch.metric, fromMs, fromMs + count * periodMs);
  return Array.from({ length: count }, (_unused, index) => {
    const atMs = fromMs + index * periodMs;
    const own = samples.filter((sample) => sample.atMs >= atMs && sample.atMs < atMs + periodMs);
    return { atMs, value: statisticOf(watch.statistic, own) };
  });
}

function reasonFor(
  value: NewState['value'],
  watch: Watch,
  { periods, nowMs }: { periods: readonly Period[]; nowMs: number },
): { reason: string; reasonData: string } {
  const real = periods.filter((period) => period.value !== undefined).slice(-watch.evaluationPeriods);
  const shown = real.toReversed().map((period) => ({ timestamp: alarmTime(period.atMs), value: period.value }));
  const data = {
    version: '1.0',
    queryDate: alarmTime(nowMs),
    ...(real[0] ? { startDate: alarmTime(real[0].atMs) } : {}),
    statistic: watch.statistic,
    period: watch.periodSeconds,
    recentDatapoints: real.map((period) => period.value),
    threshold: watch.threshold,
    evaluatedDatapoints: shown,
  };
  return { reason: reasonText(value, watch, real), reasonData: JSON.stringify(data) };
}

function reasonText(value: NewState['value'], watch: Watch, real: readonly Period[]): string {
  const { threshold, comparison, evaluationPeriods, datapointsToAlarm } = watch;
  if (value === 'INSUFFICIENT_DATA') return `Insufficient Data: ${evaluationPeriods} datapoints were unknown.`;
  const bound = `the threshold (${decimal(threshold)})`;
  const toAlarm = `(minimum ${datapointsToAlarm} datapoint${datapointsToAlarm === 1 ? '' : 's'} for OK -> ALARM transition)`;
  if (real.length === 0) {
    const treated = watch.missingData === 'breaching' ? '[Breaching]' : '[NonBreaching]';
    return `Threshold Crossed: no datapoints were received for ${evaluationPeriods} period${evaluationPeriods === 1 ? '' : 's'} and ${evaluationPeriods} missing datapoint${evaluationPeriods === 1 ? ' was' : 's were'} treated as ${treated}.`;
  }
  const breaching = real.filter((period) => period.value !== undefined && comparison.holds(period.value, threshold));
  const isAlarm = value === 'ALARM' && breaching.length > 0;
  const told = isAlarm ? breaching : real.filter((period) => !breaching.includes(period));
  const points = told.map((period) => `${decimal(period.value ?? 0)} (${dayTime(period.atMs)})`).join(', ');
  const how = `${told.length === 1 ? 'was' : 'were'}${isAlarm ? '' : ' not'} ${comparison.words} ${bound}`;
  return `Threshold Crossed: ${told.length} out of the last ${evaluationPeriods} datapoints [${points}] ${how} ${toAlarm}.`;
}

/** `1` as `1.0`, as CloudWatch writes numbers. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `05/01/26 09:00:00`. */
function dayTime(ms: number): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(ms).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}

function evaluateComposite(alarm: Alarm, alarms: AlarmStore, nowMs: number): NewState {
  const { input } = alarm.definition;
  const rule = parseAlarmRule('AlarmRule' in input ? (input.AlarmRule ?? '') : '');
  const children = [...new Set(alarmsOf(rule))].map((name) => alarms.find(name));
  const stateOf = (name: string) => alarms.find(name)?.state.value;
  const value = holds(rule, stateOf) ? ('ALARM' as const) : ('OK' as const);
  const triggering = children.flatMap((child) => {
    if (!child) return [];
    const { value: state, changedAtMs } = child.state;
    return [{ arn: child.arn, state: { value: state, timestamp: alarmTime(changedAtMs) } }];
  });
  const latest = children.toSorted((a, b) => (b?.state.changedAtMs ?? 0) - (a?.state.changedAtMs ?? 0))[0];
  const reason = latest
    ? `${latest.arn} transitioned to ${latest.state.value} at ${new Date(latest.state.changedAtMs).toUTCString()}`
    : `The rule was evaluated at ${new Date(nowMs).toUTCString()}`;
  return { value, reason, reasonData: JSON.stringify({ triggeringAlarms: triggering }) };
}
