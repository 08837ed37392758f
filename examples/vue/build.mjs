// Vue's own compiler as a step of the bundler. With Vite, `isCustomElement` goes into the options of
// `@vitejs/plugin-vue`: vue({ template: { compilerOptions: { isCustomElement } } }).
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { compileScript, parse } from 'vue/compiler-sfc';

/** Without it Vue looks for a component of this name, and warns. */
const isCustomElement = (tag) => tag.startsWith('funfair-');

const vue = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, 'utf8'), { filename: path });
      const templateOptions = { compilerOptions: { isCustomElement } };
      const { content } = compileScript(descriptor, { id: path, inlineTemplate: true, templateOptions });
      return { contents: content, loader: 'js' };
    });
  },
};

await build({
  entryPoints: ['src/main.js'],
  outfile: 'public/app.js',
  bundle: true,
  minify: true,
  format: 'esm',
  // Its files are found beside it: it stays where it is, and the page's import map says where.
  external: ['funfair'],
  plugins: [vue],
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
});
