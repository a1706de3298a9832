// What axe-core, the checks that browsers' accessibility tools use, finds in the golden pages, and whether an
// independent reader of QR codes reads what they are to carry. Golden files are what the renderer writes: another test
// keeps that true.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {createRequire} = require('node:module');

const fromTools = createRequire(path.join(__dirname, '../../../../tools/package.json'));
const {JSDOM} = fromTools('jsdom');
const axe = fromTools('axe-core');
const jsQR = fromTools('jsqr');

function golden(name) {
  return fs.readFileSync(path.join(__dirname, 'golden', name), 'utf8');
}

async function checkAccessibility(name) {
  // Its own scripts would run, and be seen: there are none. axe's is put in by this test.
  const dom = new JSDOM(golden(name), {runScripts: 'outside-only', pretendToBeVisual: true});
  dom.window.eval(axe.source);
  const found = await dom.window.axe.run(dom.window.document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // Colours are computed by a browser alone; html_test.cc holds the style sheet's against each other.
    rules: {'color-contrast': {enabled: false}, 'color-contrast-enhanced': {enabled: false}},
  });
  const lines = found.violations.map(
      (rule) => `${rule.id}: ${rule.help}\n` + rule.nodes.map((node) => `  ${node.html.slice(0, 200)}`).join('\n'));
  assert.strictEqual(lines.join('\n'), '', name);
  assert.ok(found.passes.length > 20, `${name}: only ${found.passes.length} checks applied`);
  dom.window.close();
}

// The dark modules of a code as an image of four by four pixels a module, read again.
function readQrCode(svg) {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)[1]);
  const scale = 4;
  const pixels = new Uint8ClampedArray((side * scale) ** 2 * 4).fill(255);
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = y * scale; row < (Number(y) + 1) * scale; ++row) {
      for (let column = x * scale; column < (Number(x) + Number(width)) * scale; ++column) {
        pixels.fill(0, (row * side * scale + column) * 4, (row * side * scale + column) * 4 + 3);
      }
    }
  }
  const code = jsQR(pixels, side * scale, side * scale);
  return code && code.data;
}

async function main() {
  assert.strictEqual(readQrCode(golden('page.svg')), 'https://palmares.example/verify/sponsors');
  assert.strictEqual(readQrCode(golden('hash.svg')),
                     'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae');
  const sample = golden('sample.html');
  assert.ok(sample.includes(golden('page.svg').trim()), 'the page shows its code');
  await checkAccessibility('sample.html');
  await checkAccessibility('elite.html');
  console.log('pages_test: 2 pages and 2 codes, no findings');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
