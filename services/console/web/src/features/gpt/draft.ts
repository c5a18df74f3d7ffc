/** What is typed into a GPT's draft, and how two people's changes of it come together. */
export interface Fields {
  name: string;
  description: string;
  instructions: string;
  starters: readonly string[];
}

export type FieldName = keyof Fields;
export const FIELD_NAMES: readonly FieldName[] = ["name", "description", "instructions", "starters"];
export const LIMITS = { name: 50, description: 300, instructions: 32_000, starter: 300, starters: 12 } as const;

export type Change = Partial<Fields>;

/** The members of `mine` that differ from `base`; what a PATCH sends. */
export function changesOf(base: Fields, mine: Fields): Change {
  return pick(mine, FIELD_NAMES.filter((name) => !same(base[name], mine[name])));
}

export interface Merged {
  values: Fields;
  /** Fields that both sides changed, each to another value; `values` holds mine. */
  conflicts: readonly FieldName[];
}

/** Three-way: where only one side changed a field, that side's value holds. */
export function merge(base: Fields, mine: Fields, theirs: Fields): Merged {
  const changedByMe = FIELD_NAMES.filter((name) => !same(base[name], mine[name]));
  const conflicts = changedByMe.filter(
    (name) => !same(base[name], theirs[name]) && !same(mine[name], theirs[name]),
  );
  return { values: { ...theirs, ...pick(mine, changedByMe) }, conflicts };
}

/** Empty starters are rows that somebody has not filled in; they are not stored. */
export function storable(fields: Fields): Fields {
  return { ...fields, name: fields.name.trim(), starters: fields.starters.filter((one) => one.trim() !== "") };
}

export function isComplete(fields: Fields): boolean {
  return fields.name.trim() !== "";
}

function same(one: string | readonly string[], other: string | readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function pick(fields: Fields, names: readonly FieldName[]): Change {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}
