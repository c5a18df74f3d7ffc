/** The ways in which an answer can be shown, the best first. */
export type Way = "tree" | "table" | "text" | "image";

type Row = Readonly<Record<string, unknown>>;

export function waysOf(body: unknown, contentType: string | null): readonly Way[] {
  if (imageOf(body, contentType) !== null) return ["image", "text"];
  if (typeof body !== "object" || body === null) return ["text"];
  return rowsOf(body) === null ? ["tree", "text"] : ["tree", "table", "text"];
}

/** A list of objects, or an object whose only list is one; null for what makes no table. */
export function rowsOf(body: unknown): readonly Row[] | null {
  if (Array.isArray(body)) return body.length > 0 && body.every(isObject) ? (body as Row[]) : null;
  if (!isObject(body)) return null;
  const lists = Object.values(body).filter((member) => Array.isArray(member));
  return lists.length === 1 ? rowsOf(lists[0]) : null;
}

/** Each member's name once, in the order in which they come. */
export function columnsOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

const MAX_ROWS = 200;
const MAX_COLUMNS = 50;

/** As much of a table as a page shows without a pause, and how much is left out. */
export function tableOf(rows: readonly Row[]) {
  const columns = columnsOf(rows);
  return {
    rows: rows.slice(0, MAX_ROWS),
    columns: columns.slice(0, MAX_COLUMNS),
    moreRows: Math.max(rows.length - MAX_ROWS, 0),
    moreColumns: Math.max(columns.length - MAX_COLUMNS, 0),
  };
}

export function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

/** As a `data:` address, which no script runs from; null for what is no picture. */
export function imageOf(body: unknown, contentType: string | null): string | null {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (typeof body !== "string") return null;
  if (/^data:image\/(png|jpeg|gif|webp|avif);base64,[\w+/=]+$/.test(body)) return body;
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(type)) return null; // an SVG is a document, and stays text
  return /^[\w+/\s]+={0,2}$/.test(body) ? `data:${type};base64,${body.replace(/\s/g, "")}` : null;
}

/** What an answer that is no text is: whether it is an image, and its type and size in bytes, as far as known. */
export function kindOfFile(contentType: string | null, bytes: number | null | undefined): { isImage: boolean; about: string } {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const about = [type, bytes == null ? "" : `${bytes} B`].filter((part) => part !== "").join(", ");
  return { isImage: type.startsWith("image/"), about };
}

function isObject(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
