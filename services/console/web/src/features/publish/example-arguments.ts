import type { JsonSchema } from "@/features/test/argument-fields";

type Example = { [name: string]: unknown };

/** Arguments that fit a tool's schema: those that are required, with a value that it names or of its type. */
export function exampleArguments(schema: JsonSchema): Example {
  const required = new Set(schema.required ?? []);
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name));
  return Object.fromEntries(properties.map(([name, property]) => [name, exampleOf(name, property)]));
}

/** A text is the argument's own name, which says where one's own text belongs. */
function exampleOf(name: string, schema: JsonSchema): unknown {
  const named = [schema.const, schema.default, schema.examples?.[0], schema.enum?.[0]];
  const found = named.find((value) => value !== undefined);
  if (found !== undefined) return found;
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((one) => one !== "null");
  switch (type) {
    case "integer": case "number": return schema.minimum ?? 1;
    case "boolean": return true;
    case "array": return [];
    case "object": return exampleArguments(schema);
    default: return name;
  }
}
