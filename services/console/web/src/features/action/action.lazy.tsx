import { createLazyRoute } from "@tanstack/react-router";
import { NotFound } from "@/features/shell/NotFound";

export const route = createLazyRoute("/gpts/$gptId/actions/$actionId")({ component: NotFound });
