/** The id of the timer that an action execution (`action`, `time-out`, `watch`) or a job (`job`, `reply`) has. */
export function timerId(what: 'action' | 'time-out' | 'watch' | 'job' | 'reply', id: string): string {
  return `codepipeline.${what}/${id}`;
}
