const fs = require('node:fs');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const dependency = require('@scope/dependency');

const inside = (...parts) => path.join(__dirname, ...parts);
const codeOf = (attempt) => {
  try {
    return attempt();
  } catch (error) {
    return error.code;
  }
};
module.exports = async () => ({
  text: fs.readFileSync(inside('data/text.txt'), 'utf8'),
  names: fs.readdirSync(inside('data')),
  size: fs.statSync(inside('data/text.txt')).size,
  missing: codeOf(() => fs.readFileSync(inside('data/none'))),
  write: codeOf(() => fs.openSync(inside('data/text.txt'), 'w')),
  binary: (await fs.promises.readFile(inside('data/asset.bin'))).byteLength,
  module: dependency.name,
  sub: require('@scope/dependency/sub'),
  json: require('./package.json').version,
  exists: [fs.existsSync(inside('data')), fs.existsSync(inside('data/none'))],
  promised: await new Promise((resolve, reject) =>
    fs.readFile(inside('data/text.txt'), 'utf8', (error, text) => (error ? reject(error) : resolve(text))),
  ),
  thread: await new Promise((resolve, reject) => {
    new Worker(inside('thread.cjs')).once('message', resolve).once('error', reject);
  }),
  streamed: await new Promise((resolve) => {
    let text = '';
    fs.createReadStream(inside('data/text.txt'), 'utf8')
      .on('data', (chunk) => {
        text += chunk;
      })
      .on('end', () => resolve(text));
  }),
});
