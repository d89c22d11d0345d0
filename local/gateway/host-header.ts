const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a Host header names this machine. A web page can point its own domain at 127.0.0.1 (DNS rebinding) and would
 * then be free to read answers; its Host header gives it away.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  // SDK clients put `sync-` before the host of Step Functions' synchronous operations; no public name has that form.
  return host !== undefined && loopbackNames.has(host.replace(/^sync-|:\d+$/g, '').toLowerCase());
}
