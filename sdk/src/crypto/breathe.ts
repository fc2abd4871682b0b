/**
 * Lets whatever else waits have the thread, between two slices of long work. By a message port, because a page slows its
 * timers down to one a second when nobody looks at it.
 */
export function breathe(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
