import { yamlLanguage } from "@codemirror/lang-yaml";

type SyntaxNode = ReturnType<typeof yamlLanguage.parser.parse>["topNode"];

const SECTION = /^([ \t]*)(?:securitySchemes|securityDefinitions)[ \t]*:/m;
const MAX_SECTION = 100_000;

/**
 * The security schemes of a document's text, as read; undefined where it has none, or cannot be read.
 * Of YAML that one section alone is read, by the grammar of the editor; aliases and `$ref` are not followed.
 */
export function schemesInText(text: string): unknown {
  return /^\s*\{/.test(text) ? schemesInJson(text) : schemesInYaml(text);
}

function schemesInJson(text: string): unknown {
  try {
    const read = JSON.parse(text) as { components?: { securitySchemes?: unknown }; securityDefinitions?: unknown };
    return read.components?.securitySchemes ?? read.securityDefinitions;
  } catch {
    return undefined;
  }
}

function schemesInYaml(text: string): unknown {
  const found = SECTION.exec(text);
  if (found === null) return undefined;
  const section = text.slice(found.index, endOfSection(text, found.index, found[1]!.length));
  if (section.length > MAX_SECTION) return undefined;
  const read = valueOf(yamlLanguage.parser.parse(section).topNode, section);
  return typeof read === "object" && read !== null ? Object.values(read)[0] : undefined;
}

/** The first line behind it that is indented no deeper and holds more than a comment. */
function endOfSection(text: string, from: number, depth: number): number {
  const next = new RegExp(`\\n[ \\t]{0,${depth}}(?=[^\\s#])`, "g");
  next.lastIndex = from;
  return next.exec(text)?.index ?? text.length;
}

/** Mappings and their texts; lists, aliases and block texts are undefined, and numbers stay texts. */
function valueOf(node: SyntaxNode, text: string): unknown {
  switch (node.name) {
    case "Stream": case "Document": return childrenOf(node).map((child) => valueOf(child, text)).find((one) => one !== undefined);
    case "BlockMapping": case "FlowMapping": return mappingOf(node, text);
    case "Literal": return text.slice(node.from, node.to);
    case "QuotedLiteral": return unquoted(text.slice(node.from, node.to));
    default: return undefined;
  }
}

function mappingOf(node: SyntaxNode, text: string): Record<string, unknown> {
  const pairs = childrenOf(node).filter((child) => child.name === "Pair").map((pair) => {
    const key = pair.getChild("Key")?.firstChild ?? null;
    const value = pair.lastChild;
    return [key === null ? "" : String(valueOf(key, text)), value === null ? undefined : valueOf(value, text)] as const;
  });
  return Object.fromEntries(pairs);
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function unquoted(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  try {
    return JSON.parse(written) as string;
  } catch {
    return written.slice(1, -1);
  }
}
