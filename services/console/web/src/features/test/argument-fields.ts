/** From a tool's JSON Schema to the fields of a form, and from what is typed to arguments. */
export interface JsonSchema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  examples?: readonly unknown[];
  minimum?: number;
  description?: string;
  format?: string;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  items?: JsonSchema;
}

export type Kind = "text" | "number" | "boolean" | "choice" | "json";

export interface ArgumentField {
  name: string;
  kind: Kind;
  isRequired: boolean;
  description: string;
  /** Of a choice. */
  options: readonly unknown[];
  default: unknown;
  /** JSON that fits, for what is written as JSON; else empty. */
  example: string;
}

/** One for each property, those that are required first. */
export function fieldsOf(schema: JsonSchema): readonly ArgumentField[] {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    isRequired: required.has(name),
    description: property.description ?? "",
    options: property.enum ?? [],
    default: property.default,
    example: kindOf(property) === "json" ? spaced(exampleOf(property)) : "",
  }));
  return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)];
}

/** What is typed, by name; an empty text leaves the argument out. */
export type TypedArguments = Readonly<Record<string, string>>;

/** Names of arguments that are required and left empty. */
export function missingOf(fields: readonly ArgumentField[], typed: TypedArguments): readonly string[] {
  return fields.filter(({ name, isRequired }) => isRequired && (typed[name] ?? "") === "").map(({ name }) => name);
}

export interface ReadArguments {
  args: Record<string, unknown>;
  /** Names of arguments whose text is no JSON, or no number. */
  unreadable: readonly string[];
}

export function readArguments(fields: readonly ArgumentField[], typed: TypedArguments): ReadArguments {
  const args: Record<string, unknown> = {};
  const unreadable: string[] = [];
  for (const field of fields) {
    const text = typed[field.name] ?? "";
    if (text === "") continue;
    const value = valueOf(field, text);
    if (value === undefined) unreadable.push(field.name);
    else args[field.name] = value;
  }
  return { args, unreadable };
}

function kindOf({ type, enum: options }: JsonSchema): Kind {
  if (options !== undefined && options.length > 0) return "choice";
  const types = (typeof type === "string" ? [type] : type ?? []).filter((one) => one !== "null");
  if (types.length !== 1) return "json";
  switch (types[0]) {
    case "string": return "text";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    default: return "json";
  }
}

/** So deep are examples filled in; below they are empty. */
const EXAMPLE_DEPTH = 3;

/** A value that shows how one is written: what the schema names, else one of its type. */
function exampleOf(schema: JsonSchema, depth = 0): unknown {
  const named = [schema.examples?.[0], schema.default, schema.const, schema.enum?.[0]].find((value) => value !== undefined);
  if (named !== undefined) return named;
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((one) => one !== "null");
  switch (type) {
    case "integer": case "number": return schema.minimum ?? 1;
    case "boolean": return true;
    case "string": return "a";
    case "array": return depth === EXAMPLE_DEPTH ? [] : listOf(exampleOf(schema.items ?? { type: "string" }, depth + 1));
    default: return depth === EXAMPLE_DEPTH ? {} : objectOf(schema, depth);
  }
}

/** JSON on one line, with spaces as people write them. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`);
  return `{${members.join(", ")}}`;
}

/** Texts are shown twice, so that the comma between is seen. */
function listOf(item: unknown): readonly unknown[] {
  return item === "a" ? ["a", "b"] : [item];
}

/** With the members that are required, or with the first where none is. */
function objectOf({ properties = {}, required = [] }: JsonSchema, depth: number): unknown {
  const names = Object.keys(properties);
  const wanted = names.filter((name) => required.includes(name));
  const shown = wanted.length > 0 ? wanted : names.slice(0, 1);
  return Object.fromEntries(shown.map((name) => [name, exampleOf(properties[name]!, depth + 1)]));
}

function valueOf({ kind, options }: ArgumentField, text: string): unknown {
  if (kind === "text") return text;
  if (kind === "choice") return options[Number(text)];
  if (kind === "number" && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim())) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
