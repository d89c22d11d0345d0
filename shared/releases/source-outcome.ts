/** What the wait for a source ends with. */
export function sourceOutcome(versionId: string) {
  return { contract: 1, status: 'recorded', versionId } as const;
}
