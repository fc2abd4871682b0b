/** Hands bytes to the browser's downloads. */
export function saveFile(name: string, parts: readonly Uint8Array[]): void {
  const url = URL.createObjectURL(
    new Blob(
      parts.map((part) => Uint8Array.from(part)),
      { type: "application/octet-stream" },
    ),
  );
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
