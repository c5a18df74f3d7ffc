import { createLazyRoute } from "@tanstack/react-router";
import { Connections } from "./Connections";

export const route = createLazyRoute("/connections")({ component: Connections });
