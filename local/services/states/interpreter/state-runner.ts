import type { State } from '../definition.ts';
import type { Outcome } from './outcome.ts';
import type { Scene } from './scene.ts';

/** How states of one type run; each type is a file beside this one, and a line in `decide.ts`. */
export interface StateRunner<Kind extends State> {
  /** Enters the state, or (a Task) tries it again. @throws StateFailure */
  enter(state: Kind, scene: Scene): Promise<Outcome>;
  /** Goes on after what the state waited for: a time, or a task's result. @throws StateFailure */
  resume?(state: Kind, scene: Scene): Promise<Outcome>;
}
