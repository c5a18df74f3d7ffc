/** What a service waits for, by its answer about its readiness. */
export function missingOf(said: unknown): readonly string[] {
  const checks = typeof said === "object" && said !== null && "checks" in said ? said.checks : null;
  if (typeof checks !== "object" || checks === null) return [];
  return Object.entries(checks).filter(([, state]) => state !== "ok").map(([name, state]) => `${name}: ${String(state)}`);
}
