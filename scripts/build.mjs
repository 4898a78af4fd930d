// Bundles scripts and styles into src/footlights/web/static/build. `--watch` rebuilds on change, with source maps.
//
// On every page: site.js from web/design/site.ts, and site.css from web/design/css/site.css, which pulls in the
// components and the surfaces (`@import "each:<folders>"`: every stylesheet there, sorted by name).
// A surface with a script of its own, web/<surface>/<surface>.ts, gets <surface>.js and <surface>.css apart, so that other
// pages do not pay for them. What two scripts share is split into chunks named by their content. `whole` are scripts fetched
// when something needs them: each is one file, so that one request brings it.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const web = path.join(root, "src/footlights/web");
const out = path.join(web, "static/build");
const watching = process.argv.includes("--watch");
const require = createRequire(import.meta.url);

const FONTS = {
  "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "inter-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
  "fraunces.woff2": "@fontsource-variable/fraunces/files/fraunces-latin-opsz-normal.woff2",
  "fraunces-ext.woff2": "@fontsource-variable/fraunces/files/fraunces-latin-ext-opsz-normal.woff2",
};

/** Every surface's folder but the design system's own, so that a new surface needs no line here. */
const surfaces = readdirSync(web)
  .filter((name) => !["design", "static", "locale"].includes(name) && statSync(path.join(web, name)).isDirectory())
  .sort();

const scriptOf = (name) => path.join(web, name, `${name}.ts`);
const apart = surfaces.filter((name) => existsSync(scriptOf(name)));
const folders = {
  components: [path.join(web, "design/components")],
  surfaces: surfaces.filter((name) => !apart.includes(name)).map((name) => path.join(web, name)),
  ...Object.fromEntries(apart.map((name) => [`surface-${name}`, [path.join(web, name)]])),
};

/** A stylesheet that stands apart says its layer itself; the others are put in theirs by site.css. */
const layer = (name) => (name.startsWith("surface-") ? " layer(pages)" : "");

/** `@import "each:components"`: every stylesheet of those folders, in the order of their names. */
const each = {
  name: "each",
  setup(build) {
    build.onResolve({ filter: /^each:/ }, ({ path: name }) => ({ path: name.slice("each:".length), namespace: "each" }));
    build.onLoad({ filter: /.*/, namespace: "each" }, ({ path: name }) => {
      const files = folders[name].flatMap((folder) =>
        readdirSync(folder)
          .filter((file) => file.endsWith(".css"))
          .sort()
          .map((file) => path.join(folder, file)),
      );
      return {
        contents: files.map((file) => `@import ${JSON.stringify(file)}${layer(name)};`).join("\n"),
        loader: "css",
        resolveDir: web,
        watchFiles: files,
        watchDirs: folders[name],
      };
    });
  },
};

const whole = { engine: path.join(web, "watch/engine.ts") };
const scripts = { site: path.join(web, "design/site.ts"), ...Object.fromEntries(apart.map((name) => [name, scriptOf(name)])) };
const styles = { site: path.join(web, "design/css/site.css"), ...Object.fromEntries(apart.map((name) => [name, `each:surface-${name}`])) };

const common = {
  outdir: out,
  bundle: true,
  minify: !watching,
  sourcemap: watching && "linked",
  target: ["chrome123", "firefox121", "safari17.5"],
  legalComments: "none",
  logLevel: "warning",
};
const script = { ...common, format: "esm", define: { "process.env.NODE_ENV": '"production"' } };
const jobs = [
  {
    ...common,
    entryPoints: styles,
    external: ["./fonts/*"],
    plugins: [each],
  },
  { ...script, entryPoints: scripts, splitting: true, chunkNames: "chunk-[hash]" },
  { ...script, entryPoints: whole },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(path.join(out, "fonts"), { recursive: true });
for (const [name, source] of Object.entries(FONTS)) cpSync(require.resolve(source), path.join(out, "fonts", name));

if (watching) {
  for (const job of jobs) await (await esbuild.context(job)).watch();
} else {
  await Promise.all(jobs.map((job) => esbuild.build(job)));
}
