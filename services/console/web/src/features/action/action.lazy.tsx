import { createLazyRoute } from "@tanstack/react-router";
import { ActionPage } from "./ActionPage";

export const route = createLazyRoute("/gpts/$gptId/actions/$actionId")({ component: ActionPage });
