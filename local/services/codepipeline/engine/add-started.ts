import { randomUUID } from 'node:crypto';
import { addExecution, executionOf, type NewExecution } from '../records/executions.ts';
import type { Engine } from './engine.ts';
import { tellPipeline } from './events.ts';
import { settle } from './settle.ts';

/** Adds an execution, tells of it and brings it as far as it can go, in one transaction; its id. */
export function addStarted(engine: Engine, made: Omit<NewExecution, 'id' | 'nowMs'>): string {
  const { store, clock } = engine.context;
  const id = randomUUID();
  store.transaction(() => {
    addExecution(store, { ...made, id, nowMs: clock.nowMs() });
    tellPipeline(engine, executionOf(store, id), 'STARTED');
    settle(engine, id);
  });
  return id;
}
