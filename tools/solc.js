'use strict';
// The npm build of solc behind the command line of the native one, as far as ape, py-solc-x and forge use it:
//   --version
//   --standard-json [file] [--base-path p] [--include-path p]... [--allow-paths p,p...]
// bootstrap.py installs this file beside `version.txt` and a copy of the npm package.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const FLAGS = {
  version: { type: 'boolean' },
  'standard-json': { type: 'boolean' },
  'base-path': { type: 'string' },
  'include-path': { type: 'string', multiple: true },
  'allow-paths': { type: 'string' },
};
const USAGE = 'use --version, or --standard-json [file] with --base-path, --include-path, --allow-paths';

/** Write everything before returning: a pipe takes 64 KiB at a time and an early exit would drop the rest. */
function writeFully(descriptor, text) {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(descriptor, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function refuse(message) {
  writeFully(2, `solc (npm build): ${message}\n`);
  process.exit(1);
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ options: FLAGS, allowPositionals: true });
  } catch (error) {
    refuse(`${error.message.split('. ')[0]}; ${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.version) return { version: true };
  if (!values['standard-json']) refuse(`only standard JSON is supported; ${USAGE}`);
  if (positionals.length > 1) refuse(`one input file at most, got ${positionals.join(' ')}; ${USAGE}`);
  return {
    input: positionals[0] === undefined || positionals[0] === '-' ? 0 : positionals[0],
    roots: [values['base-path'] || '.', ...(values['include-path'] || [])].map((root) => path.resolve(root)),
    allowed: (values['allow-paths'] || '').split(',').filter(Boolean).map((root) => path.resolve(root)),
  };
}

function isInside(folder, file) {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Find an import as solc does: below the base path and the include paths, never outside the allowed folders. */
function importer({ roots, allowed }) {
  return (name) => {
    const unit = name.replace(/^file:\/\//, '');
    const files = [...new Set(roots.map((root) => path.resolve(root, unit)))].filter((file) => fs.existsSync(file));
    if (files.length === 0) return { error: `File not found. Searched the following locations: ${roots.join(', ')}.` };
    if (files.length > 1) return { error: `Ambiguous import. Matching files: ${files.join(', ')}.` };
    if (![...roots, ...allowed].some((root) => isInside(root, files[0]))) {
      return { error: `File outside of allowed directories: ${files[0]}.` };
    }
    return { contents: fs.readFileSync(files[0], 'utf8') };
  };
}

function main() {
  const options = readArguments();
  if (options.version) {
    writeFully(1, fs.readFileSync(path.join(__dirname, 'version.txt'), 'utf8'));
    return;
  }
  let input;
  try {
    input = fs.readFileSync(options.input, 'utf8');
  } catch (error) {
    refuse(`cannot read the input "${options.input}": ${error.message}`);
  }
  writeFully(1, `${require('solc').compile(input, { import: importer(options) })}\n`);
}

main();
