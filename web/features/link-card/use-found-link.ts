import { useEffect, useState } from "react";

/** The link that a card would stand for, as the SDK finds it on both sides; it is loaded by the time somebody writes. */
export function useFoundLink(text: string): string | undefined {
  const [found, setFound] = useState<{ text: string; url: string | undefined }>();
  const promising = /https?:\/\/\S/i.test(text);
  useEffect(() => {
    if (!promising) return;
    let current = true;
    void findLinkIn(text).then((url) => current && setFound({ text, url }));
    return () => {
      current = false;
    };
  }, [text, promising]);
  // While the next letters are looked at, what was found before stands: nothing flickers.
  return promising ? found?.url : undefined;
}

export async function findLinkIn(text: string): Promise<string | undefined> {
  const { findLink } = await import("@skrumble/sdk");
  return findLink(text)?.url;
}
