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
  }));
  return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)];
}

/** What is typed, by name; an empty text leaves the argument out. */
export type TypedArguments = Readonly<Record<string, string>>;

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
