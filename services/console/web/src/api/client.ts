import createClient from "openapi-fetch";
import type { paths } from "./generated";
import { noAnswer, problemOf } from "./problem";
import { sessionEnded } from "./session-ended";

/** The platform's REST API with the session's cookie; types come from its OpenAPI document. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  fetch: fetchRenewing,
});

/**
 * After a role change the session's cookie is good for one exchange only. A request that was refused
 * for that did nothing, so it is sent again with the new cookie.
 * Where the session is refused for good, `sessionEnded` says so.
 */
async function fetchRenewing(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 401 || request.headers.has("authorization")) return response;
  const refusal: unknown = await response.clone().json().catch(() => null);
  if (isRenewal(refusal)) {
    const renewed = await fetch("/v1/session/renew", { method: "POST", credentials: "same-origin" });
    if (renewed.ok) return fetch(again);
  }
  sessionEnded.set(true);
  return response;
}

function isRenewal(refusal: unknown): boolean {
  return (
    typeof refusal === "object" && refusal !== null && "code" in refusal &&
    refusal.code === "identity.session_renewal"
  );
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws `Problem`. */
export async function need<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  return (await needAnswer(asked)).data;
}

/** With the response, for its ETag. */
export async function needAnswer<Data>(
  asked: Promise<Answer<Data>>,
): Promise<{ data: Data; response: Response }> {
  let answer: Answer<Data>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw noAnswer();
  }
  if (!answer.response.ok) throw problemOf(answer.error, answer.response);
  return { data: answer.data as Data, response: answer.response };
}
