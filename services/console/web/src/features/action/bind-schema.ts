import { Problem } from "@/api/problem";

const MAX_TRIES = 3;

/** What is bound now, and the ETag that a change of it is based on. */
export interface Bound {
  schemaId: string;
  operations: readonly string[];
  etag: string;
}

export interface Binding<Done> {
  read: () => Promise<Bound>;
  /** How many operations a schema offers. */
  offered: (schemaId: string) => Promise<number>;
  /** Throws `Problem` 412 where the GPT was changed since `etag`. */
  patch: (change: { schema_id: string; operations?: null }, etag: string) => Promise<Done>;
}

/**
 * Bind an action to the schema `to`, the next version of `from`. An action that offers all operations
 * offers all of the next schema, too; operations that somebody chose stay chosen.
 * Throws `Problem` 412 where somebody bound it to another schema than `from` meanwhile.
 */
export async function bindSchema<Done>(from: string, to: string, binding: Binding<Done>): Promise<Done> {
  for (let tries = 1; ; tries += 1) {
    const bound = await binding.read();
    if (bound.schemaId !== from) throw savedByAnother();
    const offersAll = bound.operations.length >= (await binding.offered(from));
    try {
      return await binding.patch({ schema_id: to, ...(offersAll && { operations: null }) }, bound.etag);
    } catch (error) {
      // Another part of the GPT may have been saved between reading and binding.
      if (!(error instanceof Problem && error.status === 412) || tries === MAX_TRIES) throw error;
    }
  }
}

function savedByAnother(): Problem {
  return new Problem({
    status: 412,
    code: "console.schema_saved_meanwhile",
    detail: "Somebody saved another version of this schema meanwhile.",
    hint: "Compare yours with it, and save again.",
  });
}
