import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// One component tree, two bundles: files for the server, and one page that carries its own data.
export default defineConfig(({ mode }) => {
  const single = mode === "single";
  return {
    base: "./",
    plugins: [svelte(), single && viteSingleFile()],
    // The page of one file changes no scheme: it does without the editor.
    resolve: { alias: single ? [{ find: /^.*\/Editor\.svelte$/, replacement: here("src/parts/NoEditor.svelte") }] : [] },
    build: {
      outDir: here("../src/glasstown/show/web/static"),
      emptyOutDir: !single,
      target: "es2022",
      modulePreload: { polyfill: false },
      assetsInlineLimit: single ? 100_000 : 0,
      chunkSizeWarningLimit: 1500,
      rollupOptions: { input: here(single ? "report.html" : "index.html") },
    },
    server: { proxy: { "/api": "http://127.0.0.1:8765" }, fs: { allow: [here("."), here("../src/glasstown/library")] } },
  };
});
