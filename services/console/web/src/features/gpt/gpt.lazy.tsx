import { createLazyRoute } from "@tanstack/react-router";
import { GptPage } from "./GptPage";

export const route = createLazyRoute("/gpts/$gptId")({ component: GptPage });
