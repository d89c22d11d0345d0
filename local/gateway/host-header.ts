const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a Host header names this machine. A web page can point its own domain at 127.0.0.1 (DNS rebinding) and would
 * then be free to read answers; its Host header gives it away.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && loopbackNames.has(host.replace(/:\d+$/, '').toLowerCase());
}
