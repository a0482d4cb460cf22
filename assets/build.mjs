// Bundles js/*.js and css/app.css into dist/ under content-hashed names, each with .br and .gz beside it, and lists them in
// dist/manifest.json: {"app.css": "app-HASH.css", …}. A file at the top of js/ is an entry point; parts live in its folders.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const fresh = join(here, "dist.new");

const scripts = readdirSync(join(here, "js"), { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
  .map((entry) => join(here, "js", entry.name));

const bundled = await build({
  absWorkingDir: here,
  entryPoints: [...scripts, join(here, "css", "app.css")],
  outdir: dist,
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
  legalComments: "none",
  write: false,
});

const files = bundled.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
files.push(["favicon.svg", readFileSync(join(here, "favicon.svg"))]);

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
const manifest = {};
for (const [name, contents] of files.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const extension = extname(name);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(join(fresh, hashed), contents);
  writeFileSync(join(fresh, `${hashed}.br`), brotli);
  writeFileSync(join(fresh, `${hashed}.gz`), gzipSync(contents, { level: 9 }));
  manifest[name] = hashed;
  console.log(`${hashed.padEnd(32)} ${String(contents.length).padStart(8)} bytes, ${brotli.length} as brotli`);
}
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
