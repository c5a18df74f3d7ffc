export type Way = "rest" | "python" | "cli";
export const WAYS: readonly Way[] = ["rest", "python", "cli"];

interface Target {
  origin: string;
  gptId: string;
  operation: string;
  /** JSON. */
  args: Readonly<Record<string, unknown>>;
}

/** Lines to copy; the token stays in a variable, so that none ends up in a history. */
export function linesFor(way: Way, { origin, gptId, operation, args }: Target): string {
  switch (way) {
    case "rest": {
      const body = JSON.stringify({ gpt_id: gptId, operation, arguments: args });
      return [
        `curl ${origin}/v1/invocations \\`,
        `  -H "Authorization: Bearer $OPENACTIONS_TOKEN" -H "Content-Type: application/json" \\`,
        `  -d ${quoted(body)}`,
      ].join("\n");
    }
    case "python":
      return [
        "import os",
        "from openactions import OpenActions",
        "",
        `with OpenActions("${origin}", os.environ["OPENACTIONS_TOKEN"]) as platform:`,
        `    print(platform.invoke("${gptId}", "${operation}", ${inPython(args)}))`,
      ].join("\n");
    case "cli":
      return [
        `openactions invoke ${gptId} ${operation} \\`,
        `  --arguments ${quoted(JSON.stringify(args))} --url ${origin}`,
      ].join("\n");
  }
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A JSON value as Python writes it. */
function inPython(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${inPython(one)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}
