export type Way = "rest" | "python" | "cli";
export const WAYS: readonly Way[] = ["rest", "python", "cli"];

interface Target {
  origin: string;
  gptId: string;
  operation: string;
}

/** Lines to copy; the token stays in a variable, so that none ends up in a history. */
export function linesFor(way: Way, { origin, gptId, operation }: Target): string {
  const body = `{"gpt_id": "${gptId}", "operation": "${operation}", "arguments": {}}`;
  switch (way) {
    case "rest":
      return [
        `curl ${origin}/v1/invocations \\`,
        `  -H "Authorization: Bearer $OPENACTIONS_TOKEN" -H "Content-Type: application/json" \\`,
        `  -d '${body}'`,
      ].join("\n");
    case "python":
      return [
        "import os",
        "from openactions import OpenActions",
        "",
        `with OpenActions("${origin}", os.environ["OPENACTIONS_TOKEN"]) as platform:`,
        `    print(platform.invoke("${gptId}", "${operation}", {}))`,
      ].join("\n");
    case "cli":
      return `openactions invoke ${gptId} ${operation} --url ${origin}`;
  }
}
