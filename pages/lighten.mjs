// Makes the copied assets lighter: node pages/lighten.mjs FOLDER, called by build_assets.py. The pages look the same as before.
//
// Of Tabler's style stay the rules whose classes are words of our templates, scripts and modules: write a class as a whole word,
// never put together. Of the font for Latin letters, which each page loads, stay the weights and features that the style names.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { PurgeCSS } from 'purgecss';
import subsetFont from 'subset-font';

const PAGES = import.meta.dirname, [, , FOLDER] = process.argv;
const STATIC = join(PAGES, 'common/static');
const LATIN = join(FOLDER, 'inter/files/inter-latin-wght-normal.woff2');
const PACKED = new Set(['.css', '.js', '.svg', '.wasm']);
// Those that browsers apply by themselves, and those that Tabler's style of <body> and our tabular-nums name
const FEATURES = ['calt', 'ccmp', 'clig', 'kern', 'liga', 'locl', 'mark', 'mkmk', 'rlig', 'cv03', 'cv04', 'cv11', 'tnum'];

const [tabler] = await new PurgeCSS().purge({
  css: [join(FOLDER, 'tabler.css'), join(STATIC, 'chemtrack.css')], // chemtrack.css uses variables of Tabler
  content: globSync(['*/templates/**/*.html', 'common/static/*.js', '*/*.py'], { cwd: PAGES }).map(file => join(PAGES, file)),
  defaultExtractor: text => text.match(/[\w-]+/g) ?? [],
  keyframes: true,
  variables: true,
});
writeFileSync(join(FOLDER, 'tabler.css'), tabler.css);

const ranges = readFileSync(join(FOLDER, 'inter/wght.css'), 'utf8').match(/latin-wght-normal\.woff2.*?unicode-range: ([^;]+)/s)[1];
let letters = '';
for (const [, first, last = first] of ranges.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)) {
  for (let code = parseInt(first, 16); code <= parseInt(last, 16); code++) letters += String.fromCodePoint(code);
}
writeFileSync(LATIN, await subsetFont(readFileSync(LATIN), letters, {
  targetFormat: 'woff2', keepFeatures: FEATURES, variationAxes: { wght: { min: 400, max: 900 } }, // 900: <b> in a heading
}));

// What a browser gets instead of a file: packed/SHA-256 of the file.br. An edited file has none, until this is run again.
mkdirSync(join(FOLDER, 'packed'));
for (const folder of [FOLDER, STATIC]) {
  for (const file of globSync('**/*', { cwd: folder }).filter(file => PACKED.has(extname(file)))) {
    const name = `packed/${createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')}.br`;
    writeFileSync(join(FOLDER, name), keptFrom(name) ?? brotliCompressSync(readFileSync(join(folder, file))));
  }
}

// The packed form that the last build made of the same bytes; packing the largest file takes seconds.
function keptFrom(name) {
  try {
    return readFileSync(join(dirname(FOLDER), 'assets', name));
  } catch {
    return null;
  }
}
