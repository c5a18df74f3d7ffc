import { createLazyRoute } from "@tanstack/react-router";
import { AdminLayout } from "./AdminLayout";
import { Audit } from "./Audit";
import { Connections } from "./Connections";
import { Domains } from "./Domains";
import { Gpts } from "./Gpts";
import { Members } from "./Members";
import { Settings } from "./Settings";
import { Tokens } from "./Tokens";

export const layout = createLazyRoute("/admin")({ component: AdminLayout });
export const domains = createLazyRoute("/admin/domains")({ component: Domains });
export const members = createLazyRoute("/admin/members")({ component: Members });
export const gpts = createLazyRoute("/admin/gpts")({ component: Gpts });
export const connections = createLazyRoute("/admin/connections")({ component: Connections });
export const tokens = createLazyRoute("/admin/tokens")({ component: Tokens });
export const settings = createLazyRoute("/admin/settings")({ component: Settings });
export const audit = createLazyRoute("/admin/audit")({ component: Audit });
