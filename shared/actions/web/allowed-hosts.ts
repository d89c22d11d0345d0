/** Whether load may go to a URL: its host is in the list, or below one that the list names with `*.`. */
export function isAllowed({ hostname }: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((allowed) =>
    allowed.startsWith('*.') ? hostname.endsWith(allowed.slice(1)) : hostname === allowed,
  );
}
