import * as schemas from '@aws-sdk/client-sfn';
import type { SFN } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { DueTimer } from '../../clock/timers.ts';
import { defineService } from '../../gateway/service.ts';
import type { CloudContext, OpenService } from '../service-module.ts';
import { runFrame } from './engine.ts';
import { findExecution } from './executions.ts';
import { leftBehind, refuseCallers } from './express.ts';
import { scheduleRun, timerKinds } from './frame-timers.ts';
import { changeFrame, findFrame } from './frames.ts';
import { commitTogether } from './group-commit.ts';
import { aliasOperations } from './operations/aliases.ts';
import { executionOperations } from './operations/executions.ts';
import { machineOperations } from './operations/machines.ts';
import { redriveOperations } from './operations/redrive.ts';
import { startOperations } from './operations/start-execution.ts';
import { tagOperations } from './operations/tags.ts';
import { taskTokenOperations } from './operations/task-tokens.ts';
import { validateOperations } from './operations/validate.ts';
import { versionOperations } from './operations/versions.ts';
import { statesPermissions } from './permissions.ts';
import { end } from './progress.ts';
import { machineAlias } from './resources/machine-alias.ts';
import { machineVersion } from './resources/machine-version.ts';
import { stateMachine } from './resources/state-machine.ts';
import { migrations } from './tables.ts';
import { finishNested, runTask, timeOutTask } from './tasks.ts';

/** Step Functions: Standard and Express workflows in JSONata and JSONPath; activities and distributed Maps are refused by name. */
export const openStates: OpenService = (context) => {
  context.store.migrate('states', migrations);
  let isClosing = false;
  nameTimers(context, () => isClosing);
  return {
    api: defineService<SFN>({
      name: 'states',
      schemas,
      protocol: { kind: 'json', version: '1.0' },
      operations: {
        ...machineOperations(context),
        ...versionOperations(context),
        ...aliasOperations(context),
        ...executionOperations(context),
        ...startOperations(context),
        ...redriveOperations(context),
        ...taskTokenOperations(context),
        ...tagOperations(context),
        ...validateOperations(context),
      },
    }),
    permissions: statesPermissions(context),
    resources: [stateMachine(context), machineVersion(context), machineAlias(context)],
    start() {
      for (const arn of leftBehind(context)) endRunning(context, arn, 'ABORTED');
    },
    close() {
      isClosing = true;
      refuseCallers(context.store);
    },
  };
};

const ofFrame = z.object({ frame: z.int() });
const ofTurn = z.object({ frame: z.int(), turn: z.int(), heartbeat: z.boolean().default(false) });
const ofNested = z.object({ frame: z.int(), turn: z.int(), child: z.string() });
const ofExecution = z.object({ execution: z.string() });

function nameTimers(context: CloudContext, isClosing: () => boolean): void {
  const { timers } = context;
  timers.on(timerKinds.run, (payload, timer) => runFrame(context, ofFrame.parse(payload).frame, timer));
  timers.on(timerKinds.task, (payload, timer) => runTask(context, ofTurn.parse(payload), timer, isClosing));
  timers.on(timerKinds.timeout, (payload) => timeOutTask(context, ofTurn.parse(payload)));
  timers.on(timerKinds.wake, (payload, timer) => wake(context, ofTurn.parse(payload), timer));
  timers.on(timerKinds.nested, (payload) => finishNested(context, ofNested.parse(payload)));
  timers.on(timerKinds.stop, (payload) => endRunning(context, ofExecution.parse(payload).execution, 'ABORTED'));
  timers.on(timerKinds.expire, (payload) => endRunning(context, ofExecution.parse(payload).execution, 'TIMED_OUT'));
}

/** A Wait is over, or a retry is due. */
function wake(context: CloudContext, at: { frame: number; turn: number }, timer: DueTimer): Promise<void> {
  return commitTogether(context.store, () => {
    timer.complete();
    const frame = findFrame(context.store, at.frame);
    if (frame?.turn !== at.turn || (frame.phase !== 'waiting' && frame.phase !== 'retrying')) return;
    changeFrame(context.store, frame, { phase: frame.phase === 'waiting' ? 'woken' : 'again' });
    scheduleRun(context.timers, frame.id);
  });
}

/** The machine's TimeoutSeconds have passed, or the task that waited for the execution is over. */
function endRunning(context: CloudContext, arn: string, status: 'TIMED_OUT' | 'ABORTED'): void {
  context.store.transaction(() => {
    const execution = findExecution(context.store, arn);
    if (execution?.status === 'RUNNING') end(context, execution, 0, { status });
  });
}
