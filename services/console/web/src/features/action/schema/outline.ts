import type { Operation } from "./examined";

/** A place that one may want to go to; `place` counts characters from the beginning. */
export interface OutlineEntry {
  label: string;
  detail: string;
  place: number;
}

const SECTIONS = ["openapi", "swagger", "info", "servers", "security", "tags", "paths", "webhooks", "components", "definitions"];

/**
 * Sections and operations of a document, found in its text: by search and not by reading it, so that
 * a text of 12 MB costs milliseconds, and one that cannot be read has an outline, too.
 */
export function outlineOf(text: string, operations: readonly Operation[]): readonly OutlineEntry[] {
  const sections = SECTIONS.flatMap((name) => {
    const place = placeOfSection(text, name);
    return place === null ? [] : [{ label: name, detail: "", place }];
  });
  return [...sections, ...operationsOf(text, operations)].sort((one, other) => one.place - other.place);
}

function operationsOf(text: string, operations: readonly Operation[]): OutlineEntry[] {
  const paths = new Map<string, number>();
  return operations.flatMap((operation) => {
    const known = paths.get(operation.path);
    const path = known ?? placeOfKey(text, operation.path, 0);
    if (path === null) return [];
    paths.set(operation.path, path);
    const place = placeOfKey(text, operation.method.toLowerCase(), path) ?? path;
    return [{ label: operation.name, detail: `${operation.method.toUpperCase()} ${operation.path}`, place }];
  });
}

/** YAML: at the beginning of a line. JSON: the first member of that name that opens or begins one. */
function placeOfSection(text: string, name: string): number | null {
  const found = isJson(text)
    ? new RegExp(`"${name}"\\s*:`).exec(text)
    : new RegExp(`^(?:"${name}"|'${name}'|${name})\\s*:`, "m").exec(text);
  return found === null ? null : found.index;
}

/** Of a member called so, at `from` or behind it. */
export function placeOfKey(text: string, key: string, from: number): number | null {
  const escaped = key.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const member = new RegExp(`(?:"${escaped}"|'${escaped}'|(?<=^\\s*|[{,]\\s*)${escaped})\\s*:`, "gm");
  member.lastIndex = from;
  return member.exec(text)?.index ?? null;
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}
