import { solc } from "../lib/solc.ts";

/** An expression that decides what happens next. */
export interface Condition {
  /** Bytes from `start` to before `end` of the file. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
  text: string;
}

interface Node {
  nodeType: string;
  src: string;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).nodeType === "string";

/** Without the brackets around it. */
function bare(node: Node): Node {
  const components = node.nodeType === "TupleExpression" ? (node.components as unknown[]) : [];
  return components.length === 1 && isNode(components[0]) ? bare(components[0]) : node;
}

const isJunction = (node: Node): boolean =>
  node.nodeType === "BinaryOperation" && (node.operator === "&&" || node.operator === "||");

/** What `node` decides by: the condition of a branch, both sides of a junction. */
function decidedBy(node: Node): unknown[] {
  switch (node.nodeType) {
    case "IfStatement":
    case "Conditional":
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return [node.condition];
    case "BinaryOperation":
      return isJunction(node) ? [node.leftExpression, node.rightExpression] : [];
    case "FunctionCall": {
      const called = node.expression as Node;
      return called.name === "require" || called.name === "assert" ? [(node.arguments as unknown[])[0]] : [];
    }
    default:
      return [];
  }
}

/**
 * The conditions of a Solidity file in the order in which they stand there. A junction (`a && b`) is not among them, its
 * sides are: where each side was true and was false, so was the whole, because the last side is only looked at when the
 * ones before it left it to decide. Inline assembly is not looked into.
 */
export function conditionsOf(text: string): Condition[] {
  const { errors, sources } = solc({
    language: "Solidity",
    sources: { file: { content: text } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  });
  const ast = sources?.file?.ast;
  if (!isNode(ast)) throw new Error(errors?.map(({ message }) => message).join("\n") ?? "The file cannot be parsed");
  const bytes = Buffer.from(text);
  const found = new Map<number, Condition>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    for (const side of decidedBy(value)) {
      if (!isNode(side) || isJunction(bare(side))) continue;
      const [start = 0, length = 0] = side.src.split(":").map(Number);
      const line = bytes.subarray(0, start).toString().split("\n").length;
      found.set(start, { start, end: start + length, line, text: bytes.toString("utf8", start, start + length) });
    }
    Object.values(value).forEach(visit);
  };
  visit(ast);
  return [...found.values()].sort((a, b) => a.start - b.start);
}
