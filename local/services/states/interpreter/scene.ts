import type { JsonObject } from '../../../json.ts';
import type { Json } from '../../../json.ts';
import { languageOf, type StateGroup } from '../definition.ts';
import type { Frame } from '../frames.ts';
import type { Scope } from '../jsonata.ts';

/** All that a state may know when it runs: nothing here changes, and nothing else is asked. */
export interface Scene {
  readonly frame: Frame;
  readonly group: StateGroup;
  /** Of the machine: a state may have its own. */
  readonly queryLanguage: string | undefined;
  /** How many events the history had when the frame was read. */
  readonly eventCount: number;
  readonly execution: {
    readonly arn: string;
    readonly name: string;
    readonly input: Json;
    readonly startedAtMs: number;
    readonly machineArn: string;
    readonly machineName: string;
    readonly roleArn: string;
    readonly redriveCount: number;
    readonly redrivenAtMs?: number;
  };
  readonly region: string;
  readonly nowMs: number;
  /** From 0 to below 1, for jitter. */
  random(): number;
  /** A task token that nobody has seen yet. */
  newToken(): string;
}

/** Whether the state of a scene is in JSONPath. */
export function isInJsonPath({ frame, group, queryLanguage }: Scene): boolean {
  return languageOf(group.States[frame.state], queryLanguage) === 'JSONPath';
}

/** What an expression may see beside the state's input. */
export interface Seen {
  readonly result?: Json;
  readonly errorOutput?: Json;
  readonly token?: string;
}

/**
 * The scope of a state's expressions: `$states.input`, `.context` and, where they exist, `.result` and `.errorOutput`.
 * Many states have no expression that asks for them, so they are made when one does.
 */
export function scopeOf(scene: Scene, seen: Seen = {}): Scope {
  let states: Scope['states'] | undefined;
  return {
    get states() {
      return (states ??= {
        input: scene.frame.input,
        context: contextOf(scene, seen.token),
        ...(seen.result !== undefined && { result: seen.result }),
        ...(seen.errorOutput !== undefined && { errorOutput: seen.errorOutput }),
      });
    },
    variables: scene.frame.variables,
    nowMs: scene.nowMs,
  };
}

function contextOf(scene: Scene, token: string | undefined): JsonObject {
  const { execution, frame, group } = scene;
  const type = group.States[frame.state]?.Type;
  const isRetried = type === 'Task' || type === 'Parallel' || type === 'Map';
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      StartTime: new Date(execution.startedAtMs).toISOString(),
      Name: execution.name,
      RoleArn: execution.roleArn,
      RedriveCount: execution.redriveCount,
      ...(execution.redrivenAtMs !== undefined && { RedriveTime: new Date(execution.redrivenAtMs).toISOString() }),
    },
    StateMachine: { Id: execution.machineArn, Name: execution.machineName },
    State: {
      Name: frame.state,
      EnteredTime: new Date(frame.enteredAtMs).toISOString(),
      ...(isRetried && { RetryCount: frame.retries.reduce((sum, count) => sum + count, 0) }),
    },
    ...(frame.item !== undefined && { Map: { Item: { Index: frame.item.Index, Value: frame.item.Value } } }),
    ...(token !== undefined && { Task: { Token: token } }),
  };
}
