/** A refusal or failure of the platform (RFC 9457): what happened, and what to do about it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly findings: readonly ProblemFinding[];
  readonly traceId: string | undefined;

  constructor(shown: ShownProblem) {
    super(shown.detail);
    this.name = "Problem";
    this.status = shown.status;
    this.code = shown.code;
    this.hint = shown.hint ?? "";
    this.findings = shown.findings ?? [];
    this.traceId = shown.trace_id;
  }

  /** Whether the same request may be answered otherwise a moment later. */
  get isTransient(): boolean {
    return [0, 429, 502, 503, 504].includes(this.status);
  }
}

export interface ProblemFinding {
  pointer: string;
  message: string;
}

interface ShownProblem {
  status: number;
  code: string;
  detail: string;
  hint?: string;
  findings?: readonly ProblemFinding[];
  trace_id?: string;
}

/** From whatever came back: a problem document, or the answer of something between us. */
export function problemOf(error: unknown, response: Response): Problem {
  if (isShownProblem(error)) return new Problem({ ...error, status: response.status });
  return new Problem({
    status: response.status,
    code: "console.unreadable_answer",
    detail: `The platform answered with ${response.status} and nothing that can be shown.`,
    hint: "Try again; if it stays, tell whoever operates the platform.",
  });
}

/** Where no answer came at all: offline, or the platform is not running. */
export function noAnswer(): Problem {
  return new Problem({
    status: 0,
    code: "console.no_answer",
    detail: "The platform does not answer.",
    hint: "Check your connection. What you typed is kept here.",
  });
}

function isShownProblem(value: unknown): value is ShownProblem {
  return (
    typeof value === "object" && value !== null && "code" in value && "detail" in value &&
    typeof value.code === "string" && typeof value.detail === "string"
  );
}
