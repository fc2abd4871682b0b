/** What the boot script (boot.ts) leaves on the root element. */
interface Booted extends HTMLElement {
  /** The button that was pressed last before the page was awake. */
  pressed?: HTMLElement | undefined;
  awake?: boolean;
}

/**
 * Buttons are seen before their code has come: on a slow line whoever is quick would press one in vain. The page is awake
 * now, and does what was asked last.
 */
export function wakeUp(): void {
  const root = document.documentElement as Booted;
  if (root.awake) return;
  root.awake = true;
  const { pressed } = root;
  root.pressed = undefined;
  if (pressed?.isConnected) pressed.click();
}
