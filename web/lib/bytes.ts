/** 5 MB, 1.5 GB; powers of 1,024 as file managers show them. */
export function fileSize(bytes: bigint | number, language: string): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)} ${units[unit]}`;
}

const units = ["B", "KB", "MB", "GB", "TB"];
