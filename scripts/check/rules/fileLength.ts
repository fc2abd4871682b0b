import { isCode, type Rule } from "../source.ts";

export const LONGEST = 500;

export const fileLength: Rule = {
  name: `no file above ${LONGEST} lines`,
  check: (files) =>
    files
      .filter(({ path }) => isCode(path) || /\.(sol|css|sh)$/.test(path))
      .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, "").split("\n").length }))
      .filter(({ lines }) => lines > LONGEST)
      .map(({ path, lines }) => ({ path, message: `${lines} lines; split it before ${LONGEST}` })),
};
