import { type RefObject, useEffect, useLayoutEffect } from "react";

const tallest = 168;

function fit(element: HTMLTextAreaElement): void {
  element.style.height = "auto";
  element.style.height = `${Math.min(element.scrollHeight, tallest)}px`;
}

/** The field is as tall as its text, up to a point. `shown`: it may make room for something else meanwhile. */
export function useGrowingField(field: RefObject<HTMLTextAreaElement | null>, text: string, shown: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    if (field.current) fit(field.current);
  }, [field, text, shown]);

  // A turned phone or a narrower window breaks the lines elsewhere.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another element each time it is shown
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    let width = element.clientWidth;
    const watch = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      fit(element);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [field, shown]);
}
