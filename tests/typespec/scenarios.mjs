// node scenarios.mjs SPECS OUT.json: the requests that the mock server expects, by scenario.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expandDyns } from "@typespec/spec-api";

const spector = join(process.cwd(), "node_modules/@typespec/spector/dist/src");
const { loadScenarioMockApis } = await import(pathToFileURL(join(spector, "scenarios-resolver.js")));
const config = { baseUrl: "http://localhost" };
const base64 = (buffer) => Buffer.from(buffer).toString("base64");

function body(sent) {
  if (!sent) return null;
  const contentType = sent.contentType;
  if (sent.kind === "multipart") {
    const files = (sent.files ?? []).map((file) => ({ ...file, buffer: base64(file.buffer) }));
    return { contentType, parts: sent.parts ?? {}, files };
  }
  const raw = sent.rawContent;
  if (Buffer.isBuffer(raw)) return { contentType, text: null, bytes: base64(raw) };
  const text = raw?.serialize ? raw.serialize(config) : raw ?? null;
  return { contentType, text, bytes: null };
}

function api({ uri, method, request, response }) {
  const { query, headers } = request ?? {};
  return {
    uri: uri.replaceAll("\\:", ":"),
    method,
    status: response.status,
    query: query ? expandDyns(query, config) : {},
    headers: headers ? expandDyns(headers, config) : {},
    body: body(request?.body),
  };
}

const found = await loadScenarioMockApis(process.argv[2]);
const scenarios = Object.entries(found).map(([name, { apis }]) => [name, apis.map(api)]);
writeFileSync(process.argv[3], JSON.stringify(Object.fromEntries(scenarios), null, 1));
