import { createLazyRoute } from "@tanstack/react-router";
import { Account } from "./Account";

export const account = createLazyRoute("/account")({ component: Account });
