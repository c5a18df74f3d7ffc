// Writes one JSON file for each specification of @typespec/http-specs: its OpenAPI documents and the
// requests that its mock server expects. Usage: node scenarios.mjs PACKAGES OUT BASE_URL
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, out, baseUrl] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { NodeHost, compile, createSourceFile } = await load("@typespec/compiler");
const { getOpenAPI3 } = await load("@typespec/openapi3");
const root = join(packages, "node_modules/@typespec/http-specs");
const specs = join(root, "specs");

function* folders(at) {
  if (existsSync(join(at, "main.tsp"))) yield at;
  for (const each of readdirSync(at, { withFileTypes: true })) {
    if (each.isDirectory()) yield* folders(join(at, each.name));
  }
}

// @typespec/openapi3 1.16.0 crashes on a parameter that is called as a member of every object is.
const CRASHES = /^.*@query constructor: string.*$/m;
const host = {
  ...NodeHost,
  async readFile(path) {
    const file = await NodeHost.readFile(path);
    return path.endsWith(".tsp") ? createSourceFile(file.text.replace(CRASHES, ""), path) : file;
  },
};

async function documents(main) {
  const program = await compile(host, main, { noEmit: true });
  const found = await getOpenAPI3(program, { "openapi-versions": ["3.1.0"] });
  return found.flatMap((each) => (each.versioned ? each.versions : [each])).map((each) => each.document);
}

function plain(key, value) {
  if (value?.type === "Buffer") return { base64: Buffer.from(value.data).toString("base64") };
  if (key === "rawContent" && typeof value?.serialize === "function") return value.serialize({ baseUrl });
  return typeof value === "function" ? undefined : value;
}

mkdirSync(out, { recursive: true });
for (const folder of folders(specs)) {
  const name = relative(specs, folder);
  const mock = join(root, "dist/specs", name, "mockapi.js");
  if (!existsSync(mock)) continue;
  const { Scenarios } = await import(pathToFileURL(mock));
  const written = { name, documents: [], error: "", scenarios: Scenarios };
  try {
    written.documents = await documents(join(folder, "main.tsp"));
  } catch (error) {
    written.error = String(error);
  }
  writeFileSync(join(out, `${name.replaceAll("/", "__")}.json`), JSON.stringify(written, plain, 1));
}
