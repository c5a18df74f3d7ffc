import { createLazyRoute } from "@tanstack/react-router";
import { OperatorPage } from "./OperatorPage";

export const route = createLazyRoute("/operator")({ component: OperatorPage });
