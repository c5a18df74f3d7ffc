import { createLazyRoute } from "@tanstack/react-router";
import { NewAction } from "./NewAction";

export const route = createLazyRoute("/gpts/$gptId/new-action")({ component: NewAction });
