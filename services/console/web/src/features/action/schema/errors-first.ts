const ORDER = ["error", "warning"];

/** Errors, then warnings, then all others; each in the order in which they come. */
export function errorsFirst<Found extends { severity: string }>(findings: readonly Found[]): readonly Found[] {
  return [...ORDER, null].flatMap((wanted) =>
    findings.filter(({ severity }) => (wanted === null ? !ORDER.includes(severity) : severity === wanted)));
}
