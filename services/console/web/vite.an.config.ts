import base from "./vite.config";
export default { ...(base as any), plugins: [...(base as any).plugins, { name: "an", generateBundle(_: unknown, b: any) {
  for (const c of Object.values(b) as any[]) { if (c.type !== "chunk") continue; const by: Record<string, number> = {};
    for (const [id, m] of Object.entries(c.modules) as any) { const k = id.match(/node_modules\/((@[^/]+\/)?[^/]+)/)?.[1] ?? "own"; by[k] = (by[k] ?? 0) + (m.renderedLength ?? m.code?.length ?? 0); }
    const e = Object.entries(by).sort((a, b2) => b2[1] - a[1]).slice(0, 16); console.log(c.fileName, e.map(([k, v]) => `${k}:${(v / 1000).toFixed(0)}`).join(" "));
    if (process.env.MODS && c.fileName.includes(process.env.MODS)) for (const [id, m] of (Object.entries(c.modules) as any).sort((x: any, y: any) => y[1].renderedLength - x[1].renderedLength).slice(0, 70)) console.log("   ", m.renderedLength, id.replace(/.*node_modules\//, ""));
  } } }], build: { ...(base as any).build, outDir: "/tmp/h11-an", minify: false } };
